"""Fill static/vendor with what vendor.toml names, for maintainers, with npm; --check, offline."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static/vendor"
SUMS = VENDOR / "SHA256SUMS"
# Manifest storage follows it to a map that is not here, and collectstatic fails.
SOURCE_MAP = re.compile(rb"\s*(/\*[#@] sourceMappingURL=[^*]*\*/|//[#@] sourceMappingURL=\S*)")


def packages() -> list[dict[str, Any]]:
    """Return the packages that vendor.toml names."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["package"]


def folder(package: dict[str, Any]) -> Path:
    """Return where a package's files go; the version is in its name, so that caches never lie."""
    return VENDOR / f"{package['folder']}-{package['version']}"


def download(package: dict[str, Any], into: str) -> Path:
    """Let npm fetch a package from wherever it is told to, and check that it is the one we mean."""
    command = ["npm", "pack", "--silent", f"--pack-destination={into}"]
    subprocess.run([*command, f"{package['name']}@{package['version']}"], check=True)
    [archive] = Path(into).glob("*.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if package["integrity"] != f"sha512-{digest}":
        sys.exit(f"{package['name']} is not what vendor.toml says: sha512-{digest}")
    return archive


def contents(package: dict[str, Any], archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file that we take."""
    licence = package.get("licence", "").lstrip().encode()
    with tarfile.open(archive) as members:
        for path in package["files"] if licence else [*package["files"], "LICENSE"]:
            member = members.extractfile(f"package/{path}")
            yield Path(path).name, member.read()
    if licence:
        yield "LICENSE", licence


def vendor(package: dict[str, Any]) -> None:
    """Write the files of one package."""
    folder(package).mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        for name, content in contents(package, download(package, temporary)):
            is_text = name.endswith((".css", ".js"))
            kept = SOURCE_MAP.sub(b"", content) if is_text else content
            (folder(package) / name).write_bytes(kept)


def sums() -> str:
    """Return what SHA256SUMS should say, as `sha256sum` writes it."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != SUMS)
    digests = ((hashlib.sha256(path.read_bytes()).hexdigest(), path) for path in files)
    return "".join(f"{digest}  {path.relative_to(VENDOR)}\n" for digest, path in digests)


def check() -> None:
    """Stop where a file or a folder is not as it was vendored."""
    folders = {path for path in VENDOR.iterdir() if path.is_dir()}
    if sums() != SUMS.read_text() or folders != {folder(package) for package in packages()}:
        sys.exit("static/vendor is not what tools/vendor.py wrote; run it again.")


def vendor_all() -> None:
    """Write everything afresh."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package in packages():
        vendor(package)
    SUMS.write_text(sums())


if __name__ == "__main__":
    check() if sys.argv[1:] == ["--check"] else vendor_all()
