"""Who makes a change."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from idp.remote import remote_address


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, with their `public_id` and address, or a program, with neither."""

    name: str
    public_id: str = ""
    remote_address: str | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """
        Return the person who is signed in.

        :raises PermissionError: where nobody is
        """
        if not request.user.is_authenticated:
            raise PermissionError("Nobody is signed in, so nobody may change anything.")
        person = request.user
        return cls(person.get_username(), str(person.public_id), remote_address(request))

    @classmethod
    def command(cls, name: str) -> Self:
        """Return a program."""
        return cls(name)


COMMAND_LINE = Actor.command("command line")
