"""A security key in software: it makes and uses WebAuthn credentials as one with a button does."""

import os
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.models import User
from tests import keys

HOST = keys.AUDIENCE.removeprefix("https://")
Flag = AuthenticatorData.FLAG


class SecurityKey:
    """One credential of one person; `unlocked` says whether a PIN or a finger was asked for."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(16)

    def register(self) -> Authenticator:
        """Make the key one of the person's factors."""
        public_key = ES256.from_cryptography_key(self.private_key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public_key)
        client_data = CollectedClientData.create(
            CollectedClientData.TYPE.CREATE, os.urandom(32), keys.AUDIENCE
        )
        attestation = AttestationObject.create(
            "none", self._data(Flag.UP | Flag.AT, credential), {}
        )
        answer = {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attestation),
        }
        return WebAuthn.add(self.user, "Key", self._credential(answer)).instance

    def sign(self, challenge: str, *, unlocked: bool) -> dict[str, Any]:
        """Answer a challenge."""
        data = self._data(Flag.UP | Flag.UV if unlocked else Flag.UP)
        client_data = CollectedClientData.create(
            CollectedClientData.TYPE.GET, challenge, keys.AUDIENCE
        )
        signed = self.private_key.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(self.user).encode()
        answer = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signed),
            "userHandle": websafe_encode(handle),
        }
        return self._credential(answer)

    def _data(self, flags: int, credential: Any = b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(HOST.encode()).digest(), flags, 1, credential)

    def _credential(self, answer: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": answer}
