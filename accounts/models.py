"""Local accounts, with what belongs to them: links in accounts.links, roles in accounts.roles."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.links import FederatedLink as FederatedLink
from accounts.links import RemovedLink as RemovedLink
from accounts.names import canonical, e164, search_key
from accounts.roles import Role as Role
from connections.lookup import LookupAttribute


class UserManager(BaseUserManager["User"]):
    """Create people."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new person; without a password nobody can sign in as them."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new administrator."""
        return self.create_user(username, password, is_administrator=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """
        Find a person by username, whatever its case; nobody who only looks alike.

        :raises User.DoesNotExist: where nobody is called so
        """
        name = canonical(username or "")
        # `straße` and `strasse` share a key: with `get` nobody of the two could sign in any more.
        alike = self.filter(username_key=search_key(username or "")).order_by("pk")
        same = [user for user in alike if canonical(user.username) == name]
        if not same:
            raise self.model.DoesNotExist
        return next((user for user in same if user.username == username), same[0])


class User(AbstractBaseUser):
    """A person with a local account. Tokens name them by `public_id`, which is never reused."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("username"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    email_verified = models.BooleanField(_("e-mail address verified"), default=False)
    mobile = models.CharField(
        _("mobile number"), max_length=16, blank=True, help_text=_("For example +4930123456.")
    )
    mobile_verified = models.BooleanField(_("mobile number verified"), default=False)
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    locale = models.CharField(_("language"), max_length=35, blank=True)
    zoneinfo = models.CharField(_("time zone"), max_length=64, blank=True)
    picture = models.URLField(_("picture"), blank=True)

    is_active = models.BooleanField(_("active"), default=True)
    locked_at = models.DateTimeField(_("locked since"), null=True, blank=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Sessions and letters of a former epoch are void: see accounts.epoch.
    epoch = models.PositiveIntegerField(default=0, editable=False)
    link_notices = models.BooleanField(_("notices about linked accounts"), default=True)

    # Coarse forms for finding people whatever the case and width of letters; see accounts.names.
    username_key = models.CharField(max_length=300, editable=False, db_index=True)
    email_key = models.CharField(max_length=600, editable=False, db_index=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        """One person per name, address and number, whatever the case."""

        ordering = ["username"]
        # For administrators' lists, in the order of names: of many, few are in these states.
        indexes = [
            models.Index(fields=["mobile"], name="user_mobile"),
            models.Index(
                fields=["username_key"], condition=Q(is_active=False), name="user_disabled"
            ),
            models.Index(
                fields=["username_key"], condition=Q(locked_at__isnull=False), name="user_locked"
            ),
            models.Index(
                fields=["username_key"], condition=Q(is_administrator=True), name="user_admin"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message=_("Somebody already has this username."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Somebody already has this e-mail address."),
            ),
            models.UniqueConstraint(
                fields=["mobile"],
                condition=~Q(mobile=""),
                name="user_mobile_unique",
                violation_error_message=_("Somebody already has this mobile number."),
            ),
            models.CheckConstraint(
                name="user_verified_email_is_there",
                condition=Q(email_verified=False) | ~Q(email=""),
                violation_error_message=_("There is no e-mail address to call verified."),
            ),
            models.CheckConstraint(
                name="user_verified_mobile_is_there",
                condition=Q(mobile_verified=False) | ~Q(mobile=""),
                violation_error_message=_("There is no mobile number to call verified."),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        """Bring names into the form they are kept in."""
        super().clean()
        if self.mobile:
            number = e164(self.mobile)
            if number is None:
                raise ValidationError(
                    {"mobile": _("Enter the number with its country code, such as +4930123456.")}
                )
            self.mobile = number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the search keys in step with the names."""
        self.username_key = search_key(self.username)
        self.email_key = search_key(self.email)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "username_key", "email_key"}
        super().save(*args, **kwargs)

    @property
    def is_usable(self) -> bool:
        """Say whether the account is neither disabled nor locked."""
        return self.is_active and self.locked_at is None

    @property
    def is_staff(self) -> bool:
        """Say whether Django's own tools may treat the person as an administrator."""
        return self.is_administrator

    def get_session_auth_hash(self) -> str:
        """Return what a session of this person holds: none outlives an epoch."""
        return f"{super().get_session_auth_hash()}.{self.epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under former secret keys."""
        for former in super().get_session_auth_fallback_hash():
            yield f"{former}.{self.epoch}"

    def get_full_name(self) -> str:
        """Return the given and the family name."""
        return f"{self.given_name} {self.family_name}".strip()

    def canonical_value(self, attribute: LookupAttribute) -> str:
        """Return what a token's value must equal for this person to be meant."""
        return (
            self.mobile
            if attribute == LookupAttribute.MOBILE
            else canonical(getattr(self, attribute))
        )
