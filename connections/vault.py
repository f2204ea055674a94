"""Encrypt secrets at rest, under keys derived from the server's secret key (KY-11)."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class WrongSecretKey(Exception):
    """The secret key is not the one that something in the database was encrypted under."""


def seal(plain: bytes, *, purpose: bytes) -> bytes:
    """Encrypt. What is sealed for one purpose cannot be unsealed for another."""
    return _fernet(purpose).encrypt(plain)


def unseal(sealed: bytes, *, purpose: bytes) -> bytes:
    """
    Decrypt what `seal` made, under the present secret key or a former one.

    :raises WrongSecretKey: where none of them fits
    """
    try:
        return _fernet(purpose).decrypt(bytes(sealed))
    except InvalidToken as problem:
        raise WrongSecretKey(
            f"The {purpose.decode().removeprefix('agio ')} were encrypted under another "
            "AGIO_SECRET_KEY. Start with that one, or list it in AGIO_SECRET_KEY_FALLBACKS."
        ) from problem


def _fernet(purpose: bytes) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key, purpose)) for key in keys])


def _derive(secret_key: str, purpose: bytes) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret_key.encode())
    return base64.urlsafe_b64encode(derived)
