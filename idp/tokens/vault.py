"""Encrypt private keys at rest, under a key derived from the server's secret key (KY-11)."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class WrongSecretKey(Exception):
    """The secret key is not the one that the keys in the database were encrypted under."""


def seal(plain: bytes) -> bytes:
    """Encrypt."""
    return _fernet().encrypt(plain)


def unseal(sealed: bytes) -> bytes:
    """
    Decrypt what `seal` made, under the present secret key or a former one.

    :raises WrongSecretKey: where none of them fits
    """
    try:
        return _fernet().decrypt(bytes(sealed))
    except InvalidToken as problem:
        raise WrongSecretKey(
            "The signing keys were encrypted under another AGIO_SECRET_KEY. Start with that one, "
            "or list it in AGIO_SECRET_KEY_FALLBACKS."
        ) from problem


def _fernet() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(secret_key: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"agio signing keys").derive(secret_key.encode())
    return base64.urlsafe_b64encode(derived)
