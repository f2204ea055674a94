"""Encrypt private keys at rest, under a key derived from the server's secret key (KY-11)."""

from connections import vault
from connections.vault import WrongSecretKey

__all__ = ["WrongSecretKey", "seal", "unseal"]

PURPOSE = b"agio signing keys"


def seal(plain: bytes) -> bytes:
    """Encrypt."""
    return vault.seal(plain, purpose=PURPOSE)


def unseal(sealed: bytes) -> bytes:
    """
    Decrypt what `seal` made, under the present secret key or a former one.

    :raises WrongSecretKey: where none of them fits
    """
    return vault.unseal(sealed, purpose=PURPOSE)
