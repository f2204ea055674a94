"""
What somebody typed or dropped into a form about keys, fit to be kept and shown.

A private key goes no further than this module: not into a draft, a page, or a session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from connections.certificate_file import MAXIMUM_SIZE, has_private_key
from connections.certificates import (
    CertificateRefused,
    ParsedCertificate,
    PrivateKeyRefused,
    parse,
)

FILE = "certificate_file"
TEXT = "certificates"


@dataclass(slots=True)
class Typed:
    """The fields as they may be kept, and a sentence for each field that could not be taken."""

    fields: QueryDict
    problems: dict[str, str] = field(default_factory=dict)
    has_private_key: bool = False
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The certificates in a text, or why it has none."""

    certificates: Sequence[ParsedCertificate] = ()
    problem: str = ""


def typed(request: HttpRequest) -> Typed:
    """Return what was sent: private keys blanked, certificates of a file added to the text."""
    found = Typed(request.POST.copy())
    for name, values in list(found.fields.lists()):
        if any(map(has_private_key, values)):
            _refuse(found, name)
    if upload := request.FILES.get(FILE):
        _add_file(found, upload)
    return found


def read(text: str) -> Reading:
    """Read the certificates in a text; an empty one has none, and no problem."""
    try:
        return Reading(parse(text.encode()) if text.strip() else ())
    except CertificateRefused as refusal:
        return Reading(problem=str(refusal))


def as_pem(certificates: Sequence[ParsedCertificate]) -> str:
    """Write certificates one after the other."""
    return "".join(certificate.pem for certificate in certificates)


def _refuse(found: Typed, name: str) -> None:
    found.fields[name] = ""
    found.problems[name] = str(PrivateKeyRefused())
    found.has_private_key = True


def _add_file(found: Typed, upload: UploadedFile) -> None:
    """Write the certificates of a file behind those that were pasted."""
    name = upload.name or _("The file")
    if upload.size > MAXIMUM_SIZE:
        found.problems[TEXT] = _("%(name)s is larger than 100 kB.") % {"name": name}
        return
    try:
        added = parse(upload.read())
    except CertificateRefused as refusal:
        found.problems[TEXT] = f"{name}: {refusal}"
        found.has_private_key |= isinstance(refusal, PrivateKeyRefused)
        return
    text = found.fields.get(TEXT, "").strip()
    both = f"{text}\n{as_pem(added)}".lstrip()
    reading = read(both)
    found.fields[TEXT] = both if reading.problem else as_pem(reading.certificates)
    found.file_name = name
