"""A person's account and its links as the configuration file and the management API write them."""

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.administrators import hold_administrators
from accounts.models import FederatedLink, RemovedLink, User
from accounts.role_serializer import RolesField
from connections.models import Connection
from connections.sections import ModelSection, Section
from connections.strict import Text, TrueOrFalse, suggestion


class LinkSerializer(Section):
    """An outside identity: whose token, and its `sub`."""

    connection = Text(help_text=_("Name of the connection."))
    subject = Text(max_length=255, trim_whitespace=False, help_text=_("The exact “sub” value."))

    def validate_connection(self, name: str) -> Connection:
        """Find the connection."""
        if connection := Connection.objects.filter(name=name).first():
            return connection
        near = suggestion(name, Connection.objects.values_list("name", flat=True))
        message = f"There is no connection “{name}”.{near}"
        raise serializers.ValidationError(message, code="unknown_connection")

    def to_representation(self, link: FederatedLink) -> dict[str, str]:
        """Return the identity."""
        return {"connection": link.connection.name, "subject": link.subject}


class UserSerializer(ModelSection):
    """
    A person with a local account.

    The context may name who is `acting`: nobody takes their own rights away.
    """

    model = User
    related = frozenset({"links", "password", "roles"})
    constraint_paths = {
        "user_username_unique": "username",
        "user_email_unique": "email",
        "user_mobile_unique": "mobile",
        "user_verified_email_is_there": "email_verified",
        "user_verified_mobile_is_there": "mobile_verified",
    }

    username = Text()
    email = Text(required=False, allow_blank=True)
    email_verified = TrueOrFalse(
        required=False, help_text=_("A new address without this key is not verified.")
    )
    mobile = Text(required=False, allow_blank=True, help_text=_("For example +4930123456."))
    mobile_verified = TrueOrFalse(
        required=False, help_text=_("A new number without this key is not verified.")
    )
    given_name = Text(required=False, allow_blank=True)
    family_name = Text(required=False, allow_blank=True)
    locale = Text(required=False, allow_blank=True)
    zoneinfo = Text(required=False, allow_blank=True)
    picture = Text(required=False, allow_blank=True)
    active = TrueOrFalse(source="is_active", required=False)
    administrator = TrueOrFalse(source="is_administrator", required=False)
    roles = RolesField(
        required=False, help_text=_("The names of all roles: those left out are taken away.")
    )
    password = Text(
        required=False,
        write_only=True,
        trim_whitespace=False,
        max_length=128,
        help_text=_("The first password, as ${VARIABLE}. Never replaces one that is there."),
    )
    links = LinkSerializer(
        many=True,
        required=False,
        help_text=_("Links to add. Only the owner of an account removes one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_links: list[FederatedLink] = []

    def new(self) -> User:
        """Return an account that nobody can sign in to with a password."""
        user = User()
        user.set_unusable_password()
        return user

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Never let proof of an old address vouch for a new one, nor a link move."""
        for column in ("email", "mobile"):
            if self.instance and attrs.get(column, getattr(self.instance, column)) != getattr(
                self.instance, column
            ):
                attrs.setdefault(f"{column}_verified", False)
        attrs = super().validate(attrs)
        self._check_rights()
        self._check_password(attrs)
        self._check_links(attrs.get("links", []))
        return attrs

    def write(self, attrs: dict[str, Any]) -> User:
        """Save the account, its first password, and the links it does not have yet."""
        becomes_administrator = attrs.get("is_administrator") and not (
            self.instance and self.instance.is_administrator
        )
        user = super().write(attrs)
        if not user.has_usable_password():
            self._set_first_password(user, attrs.get("password"), generate=becomes_administrator)
        if "roles" in attrs:
            user.roles.set(attrs["roles"])
        for link in attrs.get("links", []):
            self._link(user, **link)
        return user

    def _check_rights(self) -> None:
        """Keep one administrator who can act, and everybody from locking themselves out."""
        before, after = self.instance, self.candidate
        if not before or not _can_act(before) or _can_act(after):
            return
        key = "administrator" if after.is_active else "active"
        if self.context.get("acting") == before:
            message = _("Ask another administrator: nobody takes away their own rights.")
            raise serializers.ValidationError({key: [message]}, code="own_rights")
        if not hold_administrators() - {before.pk}:
            message = _("Make somebody else an administrator first: this is the last one.")
            raise serializers.ValidationError({key: [message]}, code="last_administrator")

    def _check_password(self, attrs: dict[str, Any]) -> None:
        if "password" not in attrs:
            return
        try:
            validate_password(attrs["password"], self.candidate)
        except ValidationError as refusal:
            raise serializers.ValidationError({"password": refusal.messages}) from None

    def _check_links(self, links: list[dict[str, Any]]) -> None:
        errors = {}
        for index, identity in enumerate(links):
            taken = FederatedLink.objects.filter(**identity).exclude(user_id=self.candidate.pk)
            if owner := taken.values_list("user__username", flat=True).first():
                errors[index] = {
                    "subject": [f"This identity is linked to “{owner}”. A link never moves."]
                }
        if errors:
            raise serializers.ValidationError({"links": errors})

    def _set_first_password(self, user: User, password: str | None, *, generate: bool) -> None:
        if not password and generate:
            password = self.shown_once["password"] = secrets.token_urlsafe(15)
        if password:
            user.set_password(password)
            user.save(update_fields=["password"])
            self.changes.append("password set")

    def _link(self, user: User, connection: Connection, subject: str) -> None:
        identity = {"user": user, "connection": connection, "subject": subject}
        if FederatedLink.objects.filter(**identity).exists():
            return
        if RemovedLink.objects.filter(**identity).exists():
            self.notices.append(
                f"the link to {subject} of {connection} was not made: "
                "the owner removed it, and only they can make it again"
            )
            return
        configured = FederatedLink.Origin.CONFIGURED
        self.made_links.append(FederatedLink.objects.create(**identity, origin=configured))


def _can_act(user: User) -> bool:
    return user.is_administrator and user.is_usable
