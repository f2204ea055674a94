"""What is kept of a link beside itself: whom it is limited to, who used it, whom to tell."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FederatedLink


class LinkLimit(models.Model):
    """One of the applications that a limited link is good for; none means nobody."""

    link = models.ForeignKey(FederatedLink, models.CASCADE, related_name="limits")
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="+"
    )

    class Meta:
        """An application is chosen once."""

        constraints = [
            models.UniqueConstraint(fields=["link", "application"], name="link_limit_once")
        ]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.application_id}"


class LinkUse(models.Model):
    """That an application got tokens by a link, first and last; to the minute."""

    link = models.ForeignKey(FederatedLink, models.CASCADE, related_name="uses")
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="+"
    )
    first_used_at = models.DateTimeField(_("first used"))
    last_used_at = models.DateTimeField(_("last used"))

    class Meta:
        """One row for each application."""

        constraints = [
            models.UniqueConstraint(fields=["link", "application"], name="link_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.link_id}: {self.application_id}"


class LinkNotice(models.Model):
    """
    A message to an owner that waits to be sent: written with what it tells of, deleted once sent.

    What it tells is copied: by the time it is sent the link may be gone.
    """

    class About(models.TextChoices):
        """What happened."""

        MADE = "made", _("A link was made")
        FIRST_USE = "first-use", _("An application used a link for the first time")
        CLAIMED = "claimed", _("Somebody else tried to link it")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    about = models.CharField(max_length=9, choices=About)
    connection_name = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    application_name = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.about} {self.subject}"
