"""The danger zone of a connection."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connections.models import Connection
from connections.serializers import ConnectionSerializer
from idp.console.access import administrators_only
from idp.console.danger import Stakes, Zone, danger_zone
from idp.console.traffic import count_of, live_tokens, use_of


@administrators_only
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable, enable or delete a connection."""
    return danger_zone(request, pk, ZONE)


def stakes(connection: Connection) -> Stakes:
    """Say what depends on a connection."""
    return Stakes(_stops(connection), _goes(connection), _kept_by(connection))


def _stops(connection: Connection) -> list[str]:
    return [
        _("Every exchange of this issuer’s tokens is refused, within a second."),
        _used(connection),
        _tokens(connection),
        _("Its linked accounts stay linked. Its settings and keys are kept."),
    ]


def _tokens(connection: Connection) -> str:
    tokens = live_tokens(connection=connection)
    if not tokens:
        return _("No token that came from it is good at the moment.")
    return _(
        "%(tokens)s that came from it are inactive until you enable it again. Whoever only "
        "checks signatures accepts a JWT until it expires."
    ) % {"tokens": tokens}


def _used(connection: Connection) -> str:
    use = use_of(connection=connection)
    if not use.exchanges:
        return _("Nobody used it %(period)s.") % {"period": use.period}
    identities = ngettext("%(n)d identity", "%(n)d identities", use.identities)
    applications = ngettext("%(n)d application", "%(n)d applications", use.applications)
    exchanges = ngettext("%(n)d exchange", "%(n)d exchanges", use.exchanges)
    return _("%(identities)s and %(applications)s used it %(period)s, in %(exchanges)s.") % {
        "identities": identities % {"n": use.identities},
        "applications": applications % {"n": use.applications},
        "exchanges": exchanges % {"n": use.exchanges},
        "period": use.period,
    }


def _goes(connection: Connection) -> list[str]:
    sentences = [_("Its settings, certificates and keys are gone, and so are all of its tokens.")]
    if count := connection.applications.count():
        sentence = ngettext(
            "%(n)d application that selected it can no longer use it.",
            "%(n)d applications that selected it can no longer use it.",
            count,
        )
        sentences.append(sentence % {"n": count})
    if connection.one_time_tokens:
        sentences.append(
            _(
                "Which of its one-time tokens were used is forgotten: under a new connection for "
                "this issuer, one that has not expired could be used once more."
            )
        )
    sentences.append(_("The records of its exchanges and the audit log stay."))
    return sentences


def _kept_by(connection: Connection) -> str:
    """Say why it may not be deleted: only the owner of an account removes a link."""
    links, written = count_of(connection.links.all())
    if links:
        sentence = ngettext(
            "%(n)s account is linked to an identity of this issuer. Only its owner can remove "
            "the link, so the connection cannot be deleted: disable it instead.",
            "%(n)s accounts are linked to identities of this issuer. Only their owners can remove "
            "the links, so the connection cannot be deleted: disable it instead.",
            links,
        )
        return sentence % {"n": written}
    if connection.removed_links.exists():
        return _(
            "Owners of accounts have removed links to this issuer, and these links must not be "
            "made again. That is remembered with the connection, so it cannot be deleted: "
            "disable it instead."
        )
    return ""


ZONE = Zone(
    model=Connection,
    serializer=ConnectionSerializer,
    template="console/connections/danger.html",
    url_name="connection-danger",
    list_name="connections",
    stakes=stakes,
)
