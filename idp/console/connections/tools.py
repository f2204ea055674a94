"""
Three tools beside a form: read the issuer's metadata, test a JWKS URL, read certificates.

With htmx each is an address that answers with a fragment. Without, its button sends the form,
and the form's page comes back with the same fragment in it. They save nothing, but for what the
metadata fills into a draft.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from connections.discovery import Discovery, discover
from connections.health import EXPIRES_SOON
from connections.inspection import Inspection, inspect
from connections.models import DEFAULT_ALGORITHMS
from idp import limits
from idp.console.access import administrators_only
from idp.console.connections import drafts
from idp.console.connections.forms import KeysForm
from idp.console.connections.typed import Typed, as_pem, read, typed

DISCOVER, TEST, READ = "discover", "test", "read"
# What a tool offers instead: the name of its button, and the field that takes the value.
INSTEAD = {"issuer_instead": ("issuer", DISCOVER), "jwks_uri_instead": ("jwks_uri", TEST)}
SESSION_KEY = "connection-tool"
TOO_OFTEN = 422  # the page swaps it in, unlike 429


@dataclass(slots=True)
class Found:
    """What a tool found: the part of the template's context that its fragment shows."""

    discovery: Discovery | Mapping[str, Any] | None = None
    inspection: Inspection | Mapping[str, Any] | None = None
    usable: int = 0
    milliseconds: int = 0
    certificates: list[Any] = field(default_factory=list)
    problem: str = ""
    is_too_often: bool = False
    file_name: str = ""

    def keep(self, request: HttpRequest, place: str) -> None:
        """Leave this for the next page: certificates are read again from what was typed."""
        kept = {name: value for name, value in asdict(self).items() if name != "certificates"}
        for key in (kept["inspection"] or {}).get("keys", ()):
            key["public_jwk"] = bool(key["public_jwk"])
        request.session[SESSION_KEY] = [place, kept]

    @classmethod
    def kept(cls, request: HttpRequest, place: str) -> Self | None:
        """Return what was left for a page, once; nothing if it was for another one."""
        found_at, kept = request.session.pop(SESSION_KEY, (None, {}))
        return cls(**kept) if found_at == place else None


def asked(sent: Typed, request: HttpRequest) -> str:
    """Return the tool whose button was pressed, and take over the value it offered."""
    for name, (field_name, tool) in INSTEAD.items():
        # Not from the request: there a private key has not been blanked.
        if value := sent.fields.get(name, ""):
            sent.fields[field_name] = value[: drafts.MAXIMUM_TEXT]
            return tool
    action = request.POST.get("action", "")
    return action if action in (DISCOVER, TEST, READ) else ""


def use(tool: str, sent: Typed, request: HttpRequest) -> Found:
    """Use a tool on what was typed."""
    try:
        limits.spend(request.user)
    except limits.TooOften as problem:
        return Found(problem=str(problem), is_too_often=True)
    return {DISCOVER: _discover, TEST: _test, READ: _read}[tool](sent)


def fill_in(request: HttpRequest, draft_id: UUID, found: Found) -> None:
    """Write what the metadata says into the next step of a draft."""
    discovery = found.discovery
    if discovery and not discovery.problem:
        algorithms = list(discovery.algorithms) or sorted(DEFAULT_ALGORITHMS)
        values = {"key_source": "jwks", "jwks_uri": discovery.jwks_uri, "algorithms": algorithms}
        drafts.fill_in(request.user, draft_id, "keys", values)


@administrators_only
@require_POST
def tool_discover(request: HttpRequest) -> HttpResponse:
    """Read the metadata of the issuer that is typed, and fill in the draft at hand, if any."""
    sent = typed(request)
    found = use(DISCOVER, sent, request)
    if draft_id := _uuid(request.POST.get("draft", "")):
        fill_in(request, draft_id, found)
    return _fragment(request, "_discovered.html", {"found": found, "fills": bool(draft_id)})


@administrators_only
@require_POST
def tool_jwks(request: HttpRequest) -> HttpResponse:
    """Fetch the JWKS URL that is typed."""
    return _fragment(request, "_keys_found.html", {"found": use(TEST, typed(request), request)})


@administrators_only
@require_POST
def tool_certificate(request: HttpRequest) -> HttpResponse:
    """Read the certificates that are pasted or dropped."""
    sent = typed(request)
    found = use(READ, sent, request)
    form = KeysForm(sent.fields, problems=sent.problems).unjudged()
    return _fragment(request, "_certificates.html", {"found": found, "form": form})


def _fragment(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = TOO_OFTEN if context["found"].is_too_often else 200
    return render(request, f"console/connections/{template}", context, status=status)


def _discover(sent: Typed) -> Found:
    issuer = sent.fields.get("issuer", "").strip()
    if not issuer:
        return Found(discovery=Discovery(problem=_("Enter the issuer URL.")))
    return Found(discovery=discover(issuer))


def _test(sent: Typed) -> Found:
    url = sent.fields.get("jwks_uri", "").strip()
    if not url:
        return Found(inspection=Inspection(problem=_("Enter the JWKS URL.")))
    begun = time.monotonic()
    inspection = inspect(url)
    milliseconds = round((time.monotonic() - begun) * 1000)
    usable = sum(1 for key in inspection.keys if key.public_jwk)
    return Found(inspection=inspection, usable=usable, milliseconds=milliseconds)


def _read(sent: Typed) -> Found:
    """Read the certificates, and write them back as PEM, whatever they were."""
    text = sent.fields.get("certificates", "")
    if "certificates" in sent.problems:
        return Found(certificates=_previews(read(text).certificates))
    reading = read(text)
    if reading.problem or not reading.certificates:
        sent.problems["certificates"] = reading.problem or _("Choose a file, or paste one.")
        return Found()
    sent.fields["certificates"] = as_pem(reading.certificates)
    return Found(certificates=_previews(reading.certificates), file_name=sent.file_name)


def _previews(certificates: Any) -> list[dict[str, Any]]:
    return [preview(certificate) for certificate in certificates]


def preview(certificate: Any) -> dict[str, Any]:
    """Return what is shown of a certificate: of one that was read, or one that is kept."""
    now = timezone.now()
    octets = zip(*[iter(certificate.fingerprint.upper())] * 2, strict=True)
    days = (certificate.not_after - now).days
    return {
        "row": certificate,
        "fingerprint": ":".join(map("".join, octets)),
        "days": days,
        "is_expired": certificate.not_after < now,
        "is_early": certificate.not_before > now,
        "ends_soon": certificate.not_after < now + EXPIRES_SOON,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
