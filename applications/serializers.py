"""An application as the configuration file and the management API write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from applications import grant_types, secrets
from applications.attributes import PROFILE
from applications.models import Application
from connections.models import Connection
from connections.sections import ModelSection, Section
from connections.strict import Choice, Text, TrueOrFalse, WholeNumber, Words, suggestion

PUBLIC_TYPES = (Application.Type.MOBILE, Application.Type.SINGLE_PAGE)


class LinkedAccountsSerializer(Section):
    """What linked local accounts mean for the application's tokens."""

    prioritize_local = TrueOrFalse(
        required=False, help_text=_("Issue the token for the linked local account, if any.")
    )
    mandate = TrueOrFalse(
        source="mandate_local",
        required=False,
        help_text=_("Refuse the exchange where there is none. Needs prioritize_local."),
    )


class AccessTokenSerializer(Section):
    """What the application's access tokens are like."""

    format = Choice(
        choices=Application.TokenFormat.values, source="access_token_format", required=False
    )
    lifetime = WholeNumber(source="access_token_lifetime", required=False, help_text=_("Seconds."))
    signing_algorithm = Choice(choices=["RS256", "ES256", "EdDSA"], required=False)
    outlives_subject_token = TrueOrFalse(
        required=False, help_text=_("Whether it may live longer than the token it was given for.")
    )


class RefreshTokenSerializer(Section):
    """What the application's refresh tokens are like."""

    lifetime = WholeNumber(
        source="refresh_token_lifetime",
        required=False,
        help_text=_("Seconds from the exchange until the last refresh."),
    )


class ConnectionsField(serializers.Field):
    """`all`, or a list of names: an explicit choice, for an empty list is nobody."""

    default_error_messages = {
        "invalid": _("Enter “all”, or a list of names of connections."),
        "unknown_connection": _("There is no connection “{name}”.{suggestion}"),
    }
    json_schema = {"oneOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the choice, and the connections where they were selected."""
        if data == Application.ConnectionChoice.ALL:
            return {"connection_choice": data}
        if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
            self.fail("invalid")
        found = {each.name: each for each in Connection.objects.filter(name__in=data)}
        errors = {i: [self._unknown(name)] for i, name in enumerate(data) if name not in found}
        if errors:
            raise serializers.ValidationError(errors)
        return {
            "connection_choice": Application.ConnectionChoice.SELECTED,
            "connections": set(found.values()),
        }

    def to_representation(self, application: Application) -> str | list[str]:
        """Return what was chosen."""
        if application.connection_choice == Application.ConnectionChoice.ALL:
            return "all"
        return sorted(application.connections.values_list("name", flat=True))

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        near = suggestion(name, Connection.objects.values_list("name", flat=True))
        message = self.error_messages["unknown_connection"].format(name=name, suggestion=near)
        return serializers.ErrorDetail(message, code="unknown_connection")


class ApplicationSerializer(ModelSection):
    """An OAuth client, the connections whose tokens it may exchange, and what it gets for them."""

    model = Application
    related = frozenset({"client_secret", "connections"})
    constraint_paths = {
        "application_has_name_and_client_id": "name",
        "application_mandate_needs_prioritize": "linked_accounts.mandate",
        "application_single_page_never_exchanges": "grant_types",
        "application_in_browser_or_phone_is_public": "token_endpoint_auth_method",
        "application_on_server_is_confidential": "token_endpoint_auth_method",
        "application_public_has_no_client_credentials": "grant_types",
        "application_lifetimes_are_positive": "access_token.lifetime",
    }

    name = Text()
    client_id = Text(required=False, help_text=_("Generated where it is left out."))
    client_secret = Text(
        required=False,
        write_only=True,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("As ${VARIABLE}. Where it is left out, one is generated and shown once."),
    )
    type = Choice(choices=Application.Type.values)
    description = Text(required=False, allow_blank=True)
    enabled = TrueOrFalse(required=False)
    token_endpoint_auth_method = Choice(
        choices=Application.Authentication.values,
        source="authentication_method",
        required=False,
        help_text=_("Default: none for mobile and single-page, else client_secret_basic."),
    )
    grant_types = Words(vocabulary=grant_types.ALL, short=grant_types.SHORT_NAMES, required=False)
    connections = ConnectionsField(
        source="*",
        required=False,
        help_text=_("Whose tokens it may exchange. A new application without this key: nobody's."),
    )
    linked_accounts = LinkedAccountsSerializer(source="*", required=False)
    attributes = Words(vocabulary=PROFILE, required=False)
    scopes = Words(required=False)
    audiences = Words(required=False, help_text=_("Targets it may ask for. None: it may not ask."))
    default_audience = Text(required=False, allow_blank=True)
    access_token = AccessTokenSerializer(source="*", required=False)
    refresh_token = RefreshTokenSerializer(source="*", required=False)

    def validate_client_secret(self, secret: str) -> str:
        """Refuse what could not be sent as a secret."""
        if problem := secrets.problem_with(secret):
            raise serializers.ValidationError(problem)
        return secret

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Choose the authentication that goes with the type, and hold the secret against it."""
        if self.instance is None and attrs["type"] in PUBLIC_TYPES:
            attrs.setdefault("authentication_method", Application.Authentication.PUBLIC)
        attrs = super().validate(attrs)
        if "client_secret" in attrs and self.candidate.is_public:
            raise serializers.ValidationError(
                {"client_secret": "A public application has no secret. Leave the key out."}
            )
        return attrs

    def write(self, attrs: dict[str, Any]) -> Application:
        """Save the application, the connections it may use, and its secret."""
        application = super().write(attrs)
        if "connections" in attrs:
            application.connections.set(attrs["connections"])
        if application.is_public:
            self._forget_secrets(application)
        elif "client_secret" in attrs:
            self._set_secret(application, attrs["client_secret"])
        elif not application.secret_digest:
            self.shown_once["client_secret"] = secrets.rotate_secret(application)
            self.changes.append("client_secret generated")
        return application

    def _set_secret(self, application: Application, secret: str) -> None:
        if len(secret) < secrets.GOOD_LENGTH:
            self.notices.append(
                f"client_secret is shorter than {secrets.GOOD_LENGTH} characters; "
                "a generated one cannot be guessed"
            )
        former = application.secret_digest
        if not secrets.set_secret(application, secret):
            return
        until = application.former_secret_expires_at
        self.changes.append(
            f"client_secret replaced; the former one stays good until {until:%Y-%m-%d %H:%M} UTC"
            if former
            else "client_secret set"
        )

    def _forget_secrets(self, application: Application) -> None:
        if application.secret_digest or application.former_secret_digest:
            secrets.forget_secrets(application)
            self.changes.append("client_secret removed")
