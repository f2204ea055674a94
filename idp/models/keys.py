"""The keys that sign our tokens, and the states they pass through."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """
    A private key of ours, encrypted at rest.

    It is published as `next` before it signs, signs as `current`, and stays published as `retired`
    until the last token it signed has expired (KY-10). `withdrawn` ends it and its tokens at once.
    """

    class State(models.TextChoices):
        """Where a key stands in its life."""

        NEXT = "next", _("Next")
        CURRENT = "current", _("Current")
        RETIRED = "retired", _("Retired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kid = models.CharField(_("key ID"), max_length=64, unique=True)
    algorithm = models.CharField(_("algorithm"), max_length=5)
    state = models.CharField(_("state"), max_length=9, choices=State)
    public_jwk = models.JSONField(_("public key"))
    encrypted_private_key = models.BinaryField()
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    activated_at = models.DateTimeField(_("current since"), null=True)
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta:
        """One key signs at a time, and one stands ready, for each algorithm."""

        ordering = ["algorithm", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["algorithm", "state"],
                condition=Q(state__in=["next", "current"]),
                name="signing_key_one_next_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.kid}"
