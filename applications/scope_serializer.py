"""An entry of the registry of scopes, as the configuration file and the management API write it."""

from django.utils.translation import gettext_lazy as _

from applications.models import Scope
from connections.sections import ModelSection
from connections.strict import Text, TrueOrFalse


class ScopeSerializer(ModelSection):
    """What a scope means in words, and whether it needs a role. It holds for every application."""

    model = Scope
    constraint_paths = {"scope_name_is_a_word": "name"}

    name = Text(help_text=_("As it is asked for. An entry keeps its name."))
    description = Text(
        required=False,
        allow_blank=True,
        help_text=_("What it allows, for people who are asked to consent."),
    )
    needs_role = TrueOrFalse(
        required=False,
        help_text=_("Only local accounts that have a role with this scope get it."),
    )
