"""Where the token may be used and for what (RFC 8693 2.1.1): narrowed or refused, never widened."""

from applications.models import Application
from idp.errors import InvalidScope, InvalidTarget


def narrow_targets(targets: tuple[str, ...], application: Application) -> tuple[str, ...]:
    """
    Return the targets asked for, if the application may have each of them.

    :raises InvalidTarget: with one sentence, whether a target is unknown or only forbidden
    """
    refused = [target for target in targets if target not in application.audiences]
    if refused:
        raise InvalidTarget(
            "The audience or resource is not one that this application may ask for.",
            reason="target.not-allowed",
            found=", ".join(refused),
            wanted=", ".join(sorted(application.audiences)),
        )
    return targets


def narrow_scopes(
    scopes: frozenset[str], application: Application, *, within: frozenset[str] | None = None
) -> frozenset[str]:
    """
    Return the scopes asked for, if the application may have each of them; none asked, none given.

    `within` bounds them further: a refresh asks for no more than was granted first (RFC 6749 6).

    :raises InvalidScope: where one goes beyond
    """
    allowed = application.scopes if within is None else application.scopes & within
    if refused := scopes - allowed:
        raise InvalidScope(
            "The scope is more than this application may ask for.",
            reason="scope.not-allowed",
            found=" ".join(sorted(refused)),
            wanted=" ".join(sorted(allowed)),
        )
    return scopes


def audience_of(targets: tuple[str, ...], application: Application) -> list[str]:
    """Return the `aud` of a token: its targets, else the application's default, else itself."""
    return list(targets) or [application.default_audience or application.client_id]
