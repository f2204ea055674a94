"""The danger zone of a role: it can be deleted, and says first what its members lose."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role
from accounts.role_serializer import RoleSerializer
from applications.models import Scope
from idp.audit.values import LONGEST_LIST
from idp.console.access import administrators_only
from idp.console.danger import Stakes, Zone, danger_zone


@administrators_only
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a role."""
    return danger_zone(request, pk, ZONE)


def stakes(role: Role) -> Stakes:
    """Say who loses what."""
    count = role.members.count()
    people = ngettext("%(count)d member", "%(count)d members", count) % {"count": count}
    marked = Scope.objects.filter(name__in=role.scopes, needs_role=True)
    scopes = ", ".join(sorted(marked.values_list("name", flat=True)))
    lost = _("%(members)s can ask no more for %(scopes)s, unless another role has it.")
    nothing = _("%(members)s: no scope of this role needs a role, so none of them loses any.")
    return Stakes(
        stops=[],
        goes=[
            (lost if scopes else nothing) % {"members": people, "scopes": scopes},
            _("Tokens with such a scope are inactive within a second; refresh tokens bring new "
              "ones without it."),
            _("Another role with the same name starts without members."),
        ],
    )  # fmt: skip


def members(role: Role) -> dict[str, Any]:
    """Return who had the role, as far as the audit log keeps lists."""
    names = role.members.order_by("username_key").values_list("username", flat=True)
    return {"members": list(names[:LONGEST_LIST]), "member_count": names.count()}


ZONE = Zone(
    model=Role,
    serializer=RoleSerializer,
    template="console/roles/danger.html",
    url_name="role-danger",
    list_name="roles",
    stakes=stakes,
    has_switch=False,
    goes_along=members,
)
