"""The keys of applications that sign their own assertions, and the assertions they have used."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from connections.models import CachedKeys


class ClientKeySet(CachedKeys):
    """The keys last read from an application's JWKS URL."""

    owner = models.OneToOneField(Application, models.CASCADE, related_name="key_set")


class SpentAssertion(models.Model):
    """A client assertion that was used: its `jti` is good once (RFC 7523 3, CA-11)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    token_id = models.CharField(max_length=64, help_text=_("SHA-256 of the jti."))
    forget_after = models.DateTimeField(db_index=True)

    class Meta:
        """An assertion is spent once."""

        constraints = [
            models.UniqueConstraint(fields=["application", "token_id"], name="assertion_spent_once")
        ]

    def __str__(self) -> str:
        return self.token_id
