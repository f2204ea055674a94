"""What we know about each trusted token issuer, and the tokens of theirs that are used up."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from connections import addresses, sign_in
from connections.algorithms import ALGORITHMS
from connections.fields import WordSetField
from connections.lookup import LookupAttribute
from connections.visible import HIDDEN, is_visible

DEFAULT_ALGORITHMS = frozenset({"RS256", "ES256"})
LOOKUP_CHOICES = [
    (LookupAttribute.USERNAME.value, _("Username")),
    (LookupAttribute.EMAIL.value, _("Email")),
    (LookupAttribute.MOBILE.value, _("Mobile")),
]


class Connection(sign_in.SignInClient):
    """A token issuer that we trust, and how far."""

    class KeySource(models.TextChoices):
        """Where the issuer's public keys come from."""

        JWKS = "jwks", _("JWKS endpoint")
        CERTIFICATES = "certificates", _("Uploaded certificates")

    name = models.CharField(_("name"), max_length=80, unique=True)
    issuer = models.CharField(
        _("issuer"),
        max_length=255,
        unique=True,
        help_text=_("The exact “iss” value of its tokens, character for character."),
    )
    alias = models.CharField(
        _("alias"),
        max_length=255,
        blank=True,
        help_text=_("The audience this issuer writes into tokens that are meant for us."),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)

    key_source = models.CharField(
        _("key source"), max_length=12, choices=KeySource, default=KeySource.JWKS
    )
    jwks_uri = models.CharField(_("JWKS URL"), max_length=500, blank=True)
    algorithms = WordSetField(
        _("accepted algorithms"), vocabulary=ALGORITHMS, default=DEFAULT_ALGORITHMS, blank=False
    )
    clock_skew = models.PositiveSmallIntegerField(
        _("clock skew"), default=30, validators=[MaxValueValidator(300)], help_text=_("Seconds.")
    )
    maximum_token_age = models.PositiveIntegerField(
        _("maximum token age"),
        default=3600,
        validators=[MinValueValidator(1), MaxValueValidator(31_536_000)],
        help_text=_("Seconds since “iat”."),
    )
    one_time_tokens = models.BooleanField(
        _("one-time tokens"), default=False, help_text=_("Accept each token once.")
    )

    implicit_linking = models.BooleanField(_("implicit account linking"), default=False)
    primary_lookup = models.CharField(
        _("primary lookup attribute"), max_length=8, blank=True, choices=LOOKUP_CHOICES
    )
    secondary_lookup = models.CharField(
        _("secondary lookup attribute"), max_length=8, blank=True, choices=LOOKUP_CHOICES
    )
    issuer_verifies = WordSetField(
        _("attributes this issuer verifies"), vocabulary=[value for value, _label in LOOKUP_CHOICES]
    )

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        """Rules that no path can go around: they are the database's."""

        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="connection_has_name_and_issuer",
                condition=~Q(name="") & ~Q(issuer=""),
                violation_error_message=_("Enter a name and the issuer."),
            ),
            models.CheckConstraint(
                name="connection_jwks_needs_url",
                condition=~Q(key_source="jwks") | ~Q(jwks_uri=""),
                violation_error_message=_("Enter the JWKS URL, or upload certificates instead."),
            ),
            models.CheckConstraint(
                name="connection_known_key_source",
                condition=Q(key_source__in=["jwks", "certificates"]),
            ),
            models.CheckConstraint(
                name="connection_accepts_an_algorithm",
                condition=~Q(algorithms=""),
                violation_error_message=_("Choose at least one algorithm."),
            ),
            models.CheckConstraint(
                name="connection_clock_skew_at_most_300",
                condition=Q(clock_skew__lte=300),
                violation_error_message=_("Clock skew is at most 300 seconds."),
            ),
            models.CheckConstraint(
                name="connection_maximum_age_is_positive",
                condition=Q(maximum_token_age__gte=1),
                violation_error_message=_("The maximum token age is at least one second."),
            ),
            models.CheckConstraint(
                name="connection_known_lookup_attributes",
                condition=Q(primary_lookup__in=["", *LookupAttribute])
                & Q(secondary_lookup__in=["", *LookupAttribute]),
            ),
            models.CheckConstraint(
                name="connection_linking_needs_primary",
                condition=Q(implicit_linking=False) | ~Q(primary_lookup=""),
                violation_error_message=_("Choose the primary lookup attribute."),
            ),
            models.CheckConstraint(
                name="connection_secondary_needs_primary",
                condition=Q(secondary_lookup="") | ~Q(primary_lookup=""),
                violation_error_message=_("Choose the primary lookup attribute first."),
            ),
            models.CheckConstraint(
                name="connection_lookups_differ",
                condition=Q(secondary_lookup="") | ~Q(secondary_lookup=F("primary_lookup")),
                violation_error_message=_("Choose two different lookup attributes."),
            ),
            *sign_in.CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse addresses that could never be fetched safely, and our own issuer (ST-21)."""
        errors = sign_in.problems(self)
        local = settings.ALLOW_LOCAL_ISSUERS
        if problem := addresses.issuer_problem(self.issuer, allow_local=local):
            errors["issuer"] = problem
        elif self.issuer == settings.ISSUER:
            errors["issuer"] = _("This is our own issuer. Enter the issuer of the other party.")
        if self.jwks_uri and (problem := addresses.fetch_problem(self.jwks_uri, allow_local=local)):
            errors["jwks_uri"] = problem
        if self.alias and not addresses.is_plain_text(self.alias):
            errors["alias"] = _("Enter the alias without spaces or control characters.")
        if not is_visible(self.name):
            errors["name"] = HIDDEN
        if errors:
            raise ValidationError(errors)


class Certificate(models.Model):
    """A certificate whose key may sign a connection's tokens. A connection may have several."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="certificates")
    pem = models.TextField(_("certificate"))
    fingerprint = models.CharField(_("SHA-256 fingerprint"), max_length=64)
    subject = models.CharField(_("subject"), max_length=500)
    issuer_name = models.CharField(_("issued by"), max_length=500)
    serial_number = models.CharField(_("serial number"), max_length=64)
    key_description = models.CharField(_("key"), max_length=40)
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        """One certificate stands once in a connection."""

        ordering = ["not_after"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "fingerprint"],
                name="certificate_once_per_connection",
                violation_error_message=_("This connection already has that certificate."),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class CachedKeys(models.Model):
    """
    The keys last read from somebody's JWKS URL, shared by all workers.

    The row is also the lock: whoever moves `attempted_at` forward may fetch, so that an address
    sees at most one request per cool-down whatever the number of threads, workers and hosts.
    `owner` is whose keys they are; it has a `jwks_uri`, and the row as its `key_set`.
    """

    jwks_uri = models.CharField(max_length=500, help_text=_("Where the keys were read from."))
    keys = models.JSONField(default=list, help_text=_("Public members of usable keys only."))
    version = models.PositiveBigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, help_text=_("Last good answer."))
    attempted_at = models.DateTimeField(null=True, help_text=_("Start of the last attempt."))
    finished_at = models.DateTimeField(null=True, help_text=_("End of the last attempt."))
    failure = models.CharField(max_length=300, blank=True, help_text=_("Why it failed."))
    warning = models.CharField(max_length=300, blank=True, help_text=_("What was ignored."))

    class Meta:
        """Columns shared by the key sets of connections and of applications."""

        abstract = True

    def __str__(self) -> str:
        return self.jwks_uri


class KeySet(CachedKeys):
    """The keys last read from a connection's JWKS URL."""

    owner = models.OneToOneField(Connection, models.CASCADE, related_name="key_set")


class SpentToken(models.Model):
    """A one-time token that was used. The constraint is the replay check: no race, no cache."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="spent_tokens")
    token_id = models.CharField(max_length=64, help_text=_("SHA-256 of the jti or of the token."))
    forget_after = models.DateTimeField(db_index=True)

    class Meta:
        """A token is spent once."""

        constraints = [
            models.UniqueConstraint(fields=["connection", "token_id"], name="token_spent_once")
        ]

    def __str__(self) -> str:
        return self.token_id
