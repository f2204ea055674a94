"""Who may be signed in at all."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class UsableAccounts(ModelBackend):
    """Sign people in by username and password, and keep them in, while their account is usable."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Say no for a disabled or locked account; asked again with every request of a session."""
        return bool(user.is_usable)
