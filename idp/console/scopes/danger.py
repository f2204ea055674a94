"""The danger zone of a scope's entry: it can be taken out of the registry."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from applications.models import Scope
from applications.scope_serializer import ScopeSerializer
from idp.console.access import administrators_only
from idp.console.danger import Stakes, Zone, danger_zone


@administrators_only
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a scope out of the registry."""
    return danger_zone(request, pk, ZONE)


def stakes(scope: Scope) -> Stakes:
    """Say what the entry kept from happening."""
    marked = _("Nobody needs a role for it any more: every application that may ask for it gets it "
               "for everybody, outside identities included.")  # fmt: skip
    open_already = _("It needs no role: who may have it stays as it is.")
    return Stakes(
        stops=[],
        goes=[
            marked if scope.needs_role else open_already,
            _("Its description goes: people who are asked to consent see the bare name."),
            _("Applications and roles keep it in their lists."),
        ],
    )


ZONE = Zone(
    model=Scope,
    serializer=ScopeSerializer,
    template="console/scopes/danger.html",
    url_name="scope-danger",
    list_name="scopes",
    stakes=stakes,
    has_switch=False,
)
