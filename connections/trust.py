"""The one trusted connection that a token says it comes from, and the proof that it does."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from connections import base64url, jwks, signature, verification
from connections.jws import UnverifiedToken, refusal
from connections.keys import UnusableKey, VerificationKey, check_named_curve, from_public_key
from connections.models import Connection
from connections.prepared import Finder
from connections.refusal import TokenRefused
from connections.sign_in import SignInClient
from connections.verification import TrustedIssuer, VerifiedClaims, is_name

MAXIMUM_ISSUER_LENGTH = 255

# The keys themselves are long, and every process has them parsed already.
_by_issuer = Finder(
    Connection.objects.select_related("key_set").defer(
        *("description", "created_at", "updated_at"),
        *(field.name for field in SignInClient._meta.get_fields()),
        *("key_set__keys", "key_set__failure", "key_set__warning"),
    ),
    "issuer",
    read_once=256,
)


def find_connection(token: UnverifiedToken) -> Connection:
    """
    Return the enabled connection whose issuer is exactly the token's `iss`.

    Costs one query, and never a request to anybody. Raises TokenRefused.
    """
    issuer = _read_issuer(token)
    connection = _by_issuer.find(issuer)
    # Some databases compare without case; an issuer is compared character for character.
    if connection is None or connection.issuer != issuer:
        raise not_trusted(token, "issuer.unknown")
    if not connection.enabled:
        raise not_trusted(token, "issuer.disabled")
    return connection


def verify(token: UnverifiedToken, connection: Connection, *, now: float) -> VerifiedClaims:
    """
    Verify the token with the keys of the connection, at the time `now` (seconds since 1970).

    Raises TokenRefused, and KeysUnavailable where the issuer's keys cannot be had now.
    """
    return verify_as(token, connection, trusted_issuer(connection), now=now)


def verify_as(
    token: UnverifiedToken, connection: Connection, issuer: TrustedIssuer, *, now: float
) -> VerifiedClaims:
    """
    Verify the token with the keys of the connection, under other terms than those of an exchange.

    Raises TokenRefused and KeysUnavailable.
    """
    signature.check_algorithm(token, issuer.algorithms)  # before anything is fetched
    return verification.verify(token, issuer, _keys(token, connection, now), now=now)


def trusted_issuer(connection: Connection) -> TrustedIssuer:
    """Return what the connection says about its issuer, as verification needs it."""
    return TrustedIssuer(
        issuer=connection.issuer,
        audiences=frozenset(filter(None, (settings.ISSUER, connection.alias))),
        algorithms=connection.algorithms,
        clock_skew=connection.clock_skew,
        maximum_age=connection.maximum_token_age,
    )


def certificate_keys(connection: Connection, *, now: float) -> list[VerificationKey]:
    """Return the keys of the connection's certificates that are valid at `now`; skip the others."""
    moment = datetime.fromtimestamp(now, UTC)
    valid = connection.certificates.filter(not_before__lte=moment, not_after__gte=moment)
    keys = map(_certificate_key, valid.values_list("pem", flat=True))
    return [key for key in keys if key is not None]


def _keys(token: UnverifiedToken, connection: Connection, now: float) -> Sequence[VerificationKey]:
    if connection.key_source == Connection.KeySource.CERTIFICATES:
        return certificate_keys(connection, now=now)
    return jwks.keys_for(connection, kid=token.header.get("kid"))


@lru_cache(maxsize=1024)
def _certificate_key(pem: str) -> VerificationKey | None:
    """Read a certificate's key once per process; None where the policy has come to refuse it."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    x5t_s256 = base64url.encode(certificate.fingerprint(SHA256()))
    try:
        key = from_public_key(certificate.public_key(), x5t_s256=x5t_s256)
        check_named_curve(key.public_key, certificate.public_bytes(Encoding.DER))
    except UnusableKey:
        return None
    return key


def _read_issuer(token: UnverifiedToken) -> str:
    if "iss" not in token.claims:
        raise refusal(token, "issuer.missing", "has no iss: it must say who issued it.")
    issuer = token.claims["iss"]
    if not is_name(issuer, MAXIMUM_ISSUER_LENGTH):
        predicate = f"has an iss that is not text of 1 to {MAXIMUM_ISSUER_LENGTH} characters."
        raise refusal(token, "issuer.malformed", predicate, issuer)
    if issuer == settings.ISSUER:
        predicate = "was issued by this server: exchange one of another issuer."
        raise refusal(token, "issuer.ourselves", predicate, issuer)
    return str(issuer)


def not_trusted(token: UnverifiedToken, reason: str) -> TokenRefused:
    """
    Refuse an issuer that is unknown, disabled, or not for this caller, in one sentence.

    Who is configured here is not told (ST-10).
    """
    predicate = (
        "has an issuer (iss) that is not trusted here. It is compared character for character: "
        "also a trailing slash counts."
    )
    return refusal(token, reason, predicate, token.claims["iss"])
