"""The danger zone of an application."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.serializers import ApplicationSerializer
from idp.console.access import administrators_only
from idp.console.danger import Stakes, Zone, danger_zone
from idp.console.traffic import live_tokens, use_of


@administrators_only
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable, enable or delete an application."""
    return danger_zone(request, pk, ZONE)


def stakes(application: Application) -> Stakes:
    """Say what depends on an application."""
    return Stakes(_stops(application), _goes(application))


def _stops(application: Application) -> list[str]:
    return [
        _("It gets no tokens any more, and can introspect and revoke none, within a second."),
        _used(application),
        _tokens(application),
        _("Its settings, its client secret and its keys are kept."),
    ]


def _tokens(application: Application) -> str:
    tokens = live_tokens(application=application)
    if not tokens:
        return _("None of its tokens is good at the moment.")
    return _(
        "%(tokens)s are inactive until you enable it again. Whoever only checks signatures "
        "accepts a JWT until it expires."
    ) % {"tokens": tokens}


def _used(application: Application) -> str:
    use = use_of(application=application)
    if not use.exchanges:
        return _("It exchanged nobody’s token %(period)s.") % {"period": use.period}
    identities = ngettext("%(n)d identity", "%(n)d identities", use.identities)
    connections = ngettext("%(n)d connection", "%(n)d connections", use.connections)
    exchanges = ngettext("%(n)d exchange", "%(n)d exchanges", use.exchanges)
    return _("%(identities)s over %(connections)s used it %(period)s, in %(exchanges)s.") % {
        "identities": identities % {"n": use.identities},
        "connections": connections % {"n": use.connections},
        "exchanges": exchanges % {"n": use.exchanges},
        "period": use.period,
    }


def _goes(application: Application) -> list[str]:
    return [
        _("Its settings, its client secret and its keys are gone, and so are all of its tokens."),
        _("No accounts are touched: linked accounts belong to connections."),
        _("The records of its exchanges stay, with the client ID %(client_id)s.")
        % {"client_id": application.client_id},
    ]


ZONE = Zone(
    model=Application,
    serializer=ApplicationSerializer,
    template="console/applications/danger.html",
    url_name="application-danger",
    list_name="applications",
    stakes=stakes,
)
