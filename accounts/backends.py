"""Who may be signed in at all, and by which names."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.names import canonical, search_key


class UsableAccounts(ModelBackend):
    """Sign people in by name and password, and keep them in, while their account is usable."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_more: Any,
    ) -> User | None:
        """
        Return who has this name and this password, or None.

        The name is a username, else a verified e-mail address: nobody takes a name over by typing
        an address into a profile. A password is hashed once, whether there is such a person or not
        (AT-128).
        """
        if username is None or password is None:
            return None
        user = find_by_name(username)
        if user is None:
            User().set_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Say no for a disabled or locked account; asked again with every request of a session."""
        return bool(user.is_usable)


def find_by_name(name: str) -> User | None:
    """Return the person with a username, else with a verified e-mail address (AL-06); or None."""
    try:
        return User.objects.get_by_natural_key(name)
    except User.DoesNotExist:
        pass
    if "@" not in name:
        return None
    alike = User.objects.filter(email_key=search_key(name), email_verified=True)
    wanted = canonical(name)
    # Two that only look alike (`ß` and `ss`) are two people: the stricter form decides (AT-117).
    same = [user for user in alike[:3] if canonical(user.email) == wanted]
    return same[0] if len(same) == 1 else None
