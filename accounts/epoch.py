"""
End what somebody began on an account before (AL-02, AT-114: pre-hijacking).

When an outside identity becomes an existing account, whoever was in it, and every change that waits
for a click, was there before its owner came along. One number on the account ends all of it.
"""

from django.db.models import F

from accounts.models import User


def begin(user: User) -> None:
    """
    Void every session of an account, and every letter that waits to be answered.

    Those are links to set a password, to confirm an address, and invitations. Numbers that were
    typed and not confirmed are kept in sessions, and end with them.
    """
    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
