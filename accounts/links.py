"""The outside identities linked to accounts, and the links their owners removed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connections.lookup import LookupAttribute
from connections.models import Connection


class FederatedLink(models.Model):
    """
    The standing permission that an outside identity may become a local account.

    Only the owner of the account removes it. It never moves to another account.
    """

    class Origin(models.TextChoices):
        """How a link came to be."""

        IMPLICIT = "implicit", _("Matched during a token exchange")
        CONFIGURED = "configured", _("Set up by an administrator")
        OWNER = "owner", _("Linked by the owner")

    # A connection goes with nobody's links, for only their owners remove them: disable it instead.
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="links")
    subject = models.CharField(_("subject"), max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    origin = models.CharField(_("how it was linked"), max_length=10, choices=Origin)
    matched_by = models.CharField(
        _("matched by"),
        max_length=8,
        blank=True,
        choices=[(a.value, a.value) for a in LookupAttribute],
    )
    created_at = models.DateTimeField(_("linked"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    # The primary key of the application that used it last: idp.links.uses asks no more then.
    last_used_by = models.BigIntegerField(null=True, editable=False)

    # The owner's word: nobody else sets these. Applications are chosen in idp.models.LinkLimit.
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    is_limited = models.BooleanField(_("for chosen applications only"), default=False)

    class Meta:
        """An outside identity belongs to one account (AL-01)."""

        constraints = [
            models.UniqueConstraint(
                fields=["connection", "subject"],
                name="link_once_per_identity",
                violation_error_message=_("This identity is already linked to an account."),
            ),
            models.CheckConstraint(name="link_has_subject", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} @ {self.connection_id}"

    @property
    def is_over(self) -> bool:
        """Say whether the day has passed until which its owner lets it be used."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class RemovedLink(models.Model):
    """The memory that an owner removed a link: it is never made again automatically."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="removed_links")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="removed_links")
    subject = models.CharField(_("subject"), max_length=255)
    removed_at = models.DateTimeField(_("removed"), auto_now_add=True)

    class Meta:
        """Remember each removed link once."""

        constraints = [
            models.UniqueConstraint(
                fields=["user", "connection", "subject"], name="removed_link_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} @ {self.connection_id}"
