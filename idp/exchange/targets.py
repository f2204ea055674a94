"""Where the token may be used (RFC 8693 2.1.1): narrowed or refused, never widened."""

from applications.models import Application
from idp.errors import InvalidTarget


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


def audience_of(targets: tuple[str, ...], application: Application) -> list[str]:
    """Return the `aud` of a token: its targets, else the application's default, else itself."""
    return list(targets) or [application.default_audience or application.client_id]
