"""What was proved: which identity of which issuer. Of the token nothing else is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from connections.excerpt import excerpt
from connections.jws import END_OF_TIME
from connections.models import Connection
from connections.verification import VerifiedClaims
from idp.exchange.commit import token_id

NAMES = ("name", "preferred_username", "email")


@dataclass(frozen=True, slots=True)
class Proof:
    """An identity, proved `way`; `token_id` is what the spent token is remembered by."""

    connection_id: int
    issuer: str
    subject: str
    called: str
    way: str
    token_id: str
    forget_after: float

    @classmethod
    def of(cls, connection: Connection, claims: VerifiedClaims, token: str, way: str) -> Self:
        """Return what verified claims prove."""
        forget_after = min(claims["exp"] + connection.clock_skew + 1, END_OF_TIME - 1)
        return cls(
            connection_id=connection.pk,
            issuer=connection.issuer,
            subject=claims["sub"],
            called=_called(claims),
            way=way,
            token_id=token_id(claims, token),
            forget_after=forget_after,
        )

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `kept` gave."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__})

    def kept(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        return asdict(self)


def _called(claims: Mapping[str, Any]) -> str:
    """Return what the issuer calls the person: shown, and never compared."""
    for name in NAMES:
        if isinstance(claims.get(name), str) and claims[name].strip():
            return excerpt(claims[name])[:120]
    return ""
