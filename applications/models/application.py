"""The applications that call us: a swapped django-oauth-toolkit application."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_id
from oauth2_provider.models import AbstractApplication

from applications import grant_types, redirect_uris
from applications.attributes import PROFILE
from applications.models.constraints import CONSTRAINTS
from connections.addresses import fetch_problem, is_plain_text
from connections.excerpt import excerpt
from connections.fields import WordSetField
from connections.keys import UnusableKey, to_public_jwks
from connections.models import Connection
from connections.visible import HIDDEN, is_visible


class Application(AbstractApplication):
    """An OAuth client, the connections whose tokens it may exchange, and what it gets for them."""

    class Type(models.TextChoices):
        """What kind of program it is; decides whether it can keep a secret."""

        STANDARD = "standard-based", _("Standard-based (OpenID Connect)")
        TRADITIONAL_WEB = "traditional-web", _("Traditional web application")
        MOBILE = "mobile", _("Mobile application")
        SINGLE_PAGE = "single-page", _("Single-page application")
        MACHINE = "machine-to-machine", _("Machine-to-machine")

    class Authentication(models.TextChoices):
        """The one way in which the application proves that it is itself (CA-12)."""

        BASIC = "client_secret_basic", _("Client secret in the Authorization header")
        POST = "client_secret_post", _("Client secret in the form body")
        PRIVATE_KEY_JWT = "private_key_jwt", _("JWT signed with the private key of the application")
        PUBLIC = "none", _("None: a public client")

    class ConnectionChoice(models.TextChoices):
        """Which connections' tokens it may exchange: an explicit choice, never an empty list."""

        ALL = "all", _("All connections")
        SELECTED = "selected", _("Selected connections")

    class TokenFormat(models.TextChoices):
        """What its access tokens look like."""

        JWT = "jwt", _("JWT")
        OPAQUE = "opaque", _("Opaque")

    # Of the toolkit's model: one grant, a slow hash, and features we do not offer.
    authorization_grant_type = None
    client_secret = None
    hash_client_secret = None
    algorithm = None
    user = None
    allowed_origins = None
    registration_source = None
    cimd_expires_at = None
    client_type = None
    skip_authorization = None

    name = models.CharField(_("name"), max_length=80, unique=True)
    client_id = models.CharField(
        _("client ID"), max_length=255, unique=True, default=generate_client_id
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=Type)
    enabled = models.BooleanField(_("enabled"), default=True)

    authentication_method = models.CharField(
        _("client authentication"),
        max_length=24,
        choices=Authentication,
        default=Authentication.BASIC,
    )
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    secret_tail = models.CharField(max_length=4, blank=True, editable=False)
    secret_created_at = models.DateTimeField(null=True, editable=False)
    former_secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    former_secret_tail = models.CharField(max_length=4, blank=True, editable=False)
    former_secret_expires_at = models.DateTimeField(null=True, editable=False)

    jwks = models.JSONField(
        _("public keys"), blank=True, default=list, help_text=_("For private_key_jwt, as JWKs.")
    )
    jwks_uri = models.CharField(_("JWKS URL"), max_length=500, blank=True)

    grant_types = WordSetField(_("allowed grant types"), vocabulary=grant_types.ALL)
    redirect_uris = WordSetField(_("redirect URIs"))
    post_logout_redirect_uris = WordSetField(_("addresses after signing out"))
    skip_consent = models.BooleanField(
        _("people are not asked"),
        default=False,
        help_text=_("For applications of your own: nobody has to agree first."),
    )
    connection_choice = models.CharField(
        _("connections"),
        max_length=8,
        choices=ConnectionChoice,
        default=ConnectionChoice.SELECTED,
    )
    connections = models.ManyToManyField(Connection, related_name="applications", blank=True)
    prioritize_local = models.BooleanField(
        _("prioritize local account attributes"),
        default=False,
        help_text=_("Issue the token for the linked local account, where there is one."),
    )
    mandate_local = models.BooleanField(
        _("mandate linked local account"),
        default=False,
        help_text=_("Refuse the exchange where there is no linked local account."),
    )
    attributes = WordSetField(_("user attributes"), vocabulary=PROFILE)
    scopes = WordSetField(_("allowed scopes"))
    audiences = WordSetField(_("allowed targets"))
    default_audience = models.CharField(_("default audience"), max_length=255, blank=True)

    access_token_format = models.CharField(
        _("access token format"), max_length=6, choices=TokenFormat, default=TokenFormat.JWT
    )
    access_token_lifetime = models.PositiveIntegerField(
        _("access token lifetime"),
        default=900,
        validators=[MinValueValidator(1), MaxValueValidator(86_400)],
        help_text=_("Seconds."),
    )
    outlives_subject_token = models.BooleanField(
        _("tokens may outlive the subject token"), default=False
    )
    signing_algorithm = models.CharField(
        _("signing algorithm"),
        max_length=5,
        choices=[(name, name) for name in ("RS256", "ES256", "EdDSA")],
        default="ES256",
    )
    refresh_token_lifetime = models.PositiveIntegerField(
        _("refresh token lifetime"),
        default=86_400,
        validators=[MinValueValidator(1), MaxValueValidator(31_536_000)],
        help_text=_("Seconds from the exchange until the last refresh."),
    )

    class Meta(AbstractApplication.Meta):
        """Rules that no path can go around: they are the database's."""

        abstract = False
        ordering = ["name"]
        constraints = CONSTRAINTS

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse client IDs that could be taken for a person's id (IT-08), and odd targets."""
        errors: dict[str, Any] = self._names_of_nobody()
        errors |= self._address_problems()
        if not is_visible(self.name):
            errors["name"] = HIDDEN
        if not is_plain_text(self.client_id) or _is_uuid(self.client_id):
            errors["client_id"] = _("Enter printable ASCII without spaces that is not a UUID.")
        if self.default_audience and not is_plain_text(self.default_audience):
            errors["default_audience"] = _("Enter the audience without spaces.")
        if self.jwks_uri and (
            problem := fetch_problem(self.jwks_uri, allow_local=settings.ALLOW_LOCAL_ISSUERS)
        ):
            errors["jwks_uri"] = problem
        try:
            self.jwks = to_public_jwks(self.jwks)
        except UnusableKey as problem:
            errors["jwks"] = str(problem)
        if errors:
            raise ValidationError(errors)

    def _address_problems(self) -> dict[str, Any]:
        """Say what is wrong with addresses at which nobody may be answered."""
        problems: dict[str, Any] = {}
        local = settings.ALLOW_LOCAL_ISSUERS
        for field in ("redirect_uris", "post_logout_redirect_uris"):
            for uri in sorted(getattr(self, field)):
                if found := redirect_uris.problem(uri, is_native=self.is_native, allow_local=local):
                    problems[field] = f"{excerpt(uri)}: {found}"
        return problems

    def _names_of_nobody(self) -> dict[str, Any]:
        """Return an error for each name of an audience that says everybody, or us (IT-04)."""
        names = {
            "audiences": self.audiences,
            "default_audience": {self.default_audience},
            "client_id": {self.client_id},
        }
        sentence = _("Enter neither * nor the address of this server: no token is for those.")
        nobody = frozenset({"*", settings.ISSUER})
        return {field: sentence for field, values in names.items() if nobody & frozenset(values)}

    @property
    def is_native(self) -> bool:
        """Say whether it runs on people's own devices, where it has no address of its own."""
        return self.type == self.Type.MOBILE

    @property
    def is_public(self) -> bool:
        """Say whether the application has nothing to authenticate with."""
        return self.authentication_method == self.Authentication.PUBLIC

    @property
    def has_secret_method(self) -> bool:
        """Say whether the application authenticates with a secret."""
        secret_methods = (self.Authentication.BASIC, self.Authentication.POST)
        return self.authentication_method in secret_methods

    def allows_grant_type(self, *wanted: str) -> bool:
        """Say whether one of the grants is among the application's."""
        return not self.grant_types.isdisjoint(wanted)

    def allows_connection(self, connection: Connection) -> bool:
        """Say whether the application may exchange tokens of the connection."""
        if self.connection_choice == self.ConnectionChoice.ALL:
            return True
        return self.connections.filter(pk=connection.pk).exists()

    def secret_digests(self, now: datetime | None = None) -> list[str]:
        """Return the digests of the secrets that are good at this moment: at most two."""
        digests = [self.secret_digest] if self.secret_digest else []
        expires_at = self.former_secret_expires_at
        if self.former_secret_digest and expires_at and expires_at > (now or timezone.now()):
            digests.append(self.former_secret_digest)
        return digests


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
