"""A connection as the configuration file and the management API write it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connections.algorithms import ALGORITHMS
from connections.certificates import (
    CertificateRefused,
    ParsedCertificate,
    check_validity,
    parse,
)
from connections.lookup import LookupAttribute
from connections.models import Certificate, Connection
from connections.sections import ModelSection, Section
from connections.sign_in_serializer import SelfLinkingSerializer, SignInSerializer
from connections.strict import Choice, Text, TrueOrFalse, WholeNumber, Words
from connections.trusted_keys import add_certificates

MAXIMUM_CERTIFICATE_SIZE = 100_000
LOOKUP_ATTRIBUTES = [attribute.value for attribute in LookupAttribute]


class CertificateSerializer(Section):
    """Where a certificate is: in a file beside the configuration file, or written out."""

    file = Text(
        required=False, write_only=True, help_text=_("Path, seen from the configuration file.")
    )
    pem = Text(required=False, write_only=True, max_length=MAXIMUM_CERTIFICATE_SIZE)
    subject = Text(read_only=True)
    fingerprint = Text(read_only=True)
    not_after = serializers.DateTimeField(read_only=True)

    def validate(self, attrs: dict[str, str]) -> list[ParsedCertificate]:
        """Read the certificate, or the chain of them."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either “file” or “pem”.")
        key = next(iter(attrs))
        data = self._read(attrs["file"]) if key == "file" else attrs["pem"].encode()
        try:
            return parse(data)
        except CertificateRefused as refusal:
            raise serializers.ValidationError({key: [str(refusal)]}) from None

    def _read(self, name: str) -> bytes:
        # Without a directory the request came over the network, where naming our files is no use.
        if (directory := self.context.get("directory")) is None:
            raise serializers.ValidationError({"file": ["Send the certificate as “pem”."]})
        path = Path(directory) / name
        try:
            with path.open("rb") as file:
                data = file.read(MAXIMUM_CERTIFICATE_SIZE + 1)
        except OSError as problem:
            reason = f"{path} cannot be read: {problem.strerror}."
            raise serializers.ValidationError({"file": [reason]}) from None
        if len(data) > MAXIMUM_CERTIFICATE_SIZE:
            raise serializers.ValidationError({"file": [f"{path} is too large for a certificate."]})
        return data


class ImplicitLinkingSerializer(Section):
    """Which attributes of a token may find the account it belongs to."""

    enabled = TrueOrFalse(
        source="implicit_linking",
        required=False,
        help_text=_("Writing this section turns linking on, unless this is false."),
    )
    primary = Choice(
        choices=LOOKUP_ATTRIBUTES, source="primary_lookup", required=False, allow_blank=True
    )
    secondary = Choice(
        choices=LOOKUP_ATTRIBUTES, source="secondary_lookup", required=False, allow_blank=True
    )
    issuer_verifies = Words(
        vocabulary=LOOKUP_ATTRIBUTES,
        required=False,
        help_text=_("Attributes that you confirm this issuer verifies: proof of who it is."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Turn linking on where the section says how and does not say whether."""
        return {"implicit_linking": True} | attrs


class ConnectionSerializer(ModelSection):
    """A token issuer that we trust, and how far."""

    model = Connection
    related = frozenset({"certificates"})
    constraint_paths = {
        "connection_has_name_and_issuer": "name",
        "connection_jwks_needs_url": "jwks_uri",
        "connection_known_key_source": "key_source",
        "connection_accepts_an_algorithm": "algorithms",
        "connection_clock_skew_at_most_300": "clock_skew",
        "connection_maximum_age_is_positive": "maximum_token_age",
        "connection_known_lookup_attributes": "implicit_linking.primary",
        "connection_linking_needs_primary": "implicit_linking.primary",
        "connection_secondary_needs_primary": "implicit_linking.primary",
        "connection_lookups_differ": "implicit_linking.secondary",
        "connection_sign_in_needs_client_id": "sign_in.client_id",
        "connection_sign_in_needs_sealed_client_secret": "sign_in.client_secret",
        "connection_sign_in_needs_authorization_endpoint": "sign_in.authorization_endpoint",
        "connection_sign_in_needs_token_endpoint": "sign_in.token_endpoint",
        "connection_known_auth_method": "sign_in.token_endpoint_auth_method",
    }

    name = Text(help_text=_("By which the connection is known."))
    issuer = Text(
        trim_whitespace=False,
        help_text=_("The exact “iss” value of its tokens, character for character."),
    )
    alias = Text(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("The audience this issuer writes into tokens that are meant for us."),
    )
    description = Text(
        required=False,
        allow_blank=True,
        max_length=1000,
        error_messages={"max_length": _("Enter at most 1000 characters.")},
    )
    enabled = TrueOrFalse(required=False)
    key_source = Choice(
        choices=Connection.KeySource.values,
        required=False,
        help_text=_("Where both kinds of keys are given, the JWKS URL, unless this says else."),
    )
    jwks_uri = Text(required=False, allow_blank=True, trim_whitespace=False)
    certificates = CertificateSerializer(
        many=True,
        required=False,
        help_text=_("All certificates of the connection: one that is not listed is removed."),
    )
    algorithms = Words(vocabulary=ALGORITHMS, required=False)
    clock_skew = WholeNumber(required=False, help_text=_("Seconds, at most 300."))
    maximum_token_age = WholeNumber(required=False, help_text=_("Seconds since “iat”."))
    one_time_tokens = TrueOrFalse(required=False, help_text=_("Accept each token once."))
    implicit_linking = ImplicitLinkingSerializer(source="*", required=False)
    self_linking = SelfLinkingSerializer(source="*", required=False)
    sign_in = SignInSerializer(source="*", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Choose the source of keys, and keep links with the issuer they were made for."""
        self._check_issuer_of_links(attrs)
        if "key_source" not in attrs and (source := self._key_source(attrs)):
            attrs["key_source"] = source
        attrs = super().validate(attrs)
        self._check_has_certificates(attrs)
        return attrs

    def write(self, attrs: dict[str, Any]) -> Connection:
        """Save the connection and make its certificates those that are listed."""
        if self.instance and "sealed_client_secret" in attrs:
            self.changes.append("sign_in.client_secret changed")
        connection = super().write(attrs)
        if "certificates" in attrs:
            listed = {each.fingerprint: each for chain in attrs["certificates"] for each in chain}
            self._replace_certificates(connection, listed)
            self._notice_expired(listed.values())
            self._notice_shared(connection, list(listed))
        return connection

    def _key_source(self, attrs: dict[str, Any]) -> str | None:
        if attrs.get("jwks_uri"):
            return Connection.KeySource.JWKS
        return Connection.KeySource.CERTIFICATES if attrs.get("certificates") else None

    def _check_issuer_of_links(self, attrs: dict[str, Any]) -> None:
        """A link names a subject of one issuer: under another it would name a stranger."""
        before = self.instance
        if not before or attrs.get("issuer", before.issuer) == before.issuer:
            return
        if before.links.exists():
            why = "Accounts are linked to identities of"
        elif before.removed_links.exists():  # or a new connection for it could make them again
            why = "Owners of accounts have removed links to"
        else:
            return
        rest = f"the present issuer, {before.issuer}. Make a new connection, and disable this one."
        raise serializers.ValidationError({"issuer": f"{why} {rest}"})

    def _check_has_certificates(self, attrs: dict[str, Any]) -> None:
        if self.candidate.key_source != Connection.KeySource.CERTIFICATES:
            return
        stored = bool(self.instance) and self.instance.certificates.exists()
        if not attrs.get("certificates", stored):
            raise serializers.ValidationError(
                {"certificates": "Give at least one certificate, or a jwks_uri instead."}
            )

    def _notice_shared(self, connection: Connection, fingerprints: list[str]) -> None:
        """Tell where another issuer has the same certificate: it may be meant so (AT-072)."""
        others = Certificate.objects.filter(fingerprint__in=fingerprints)
        for other in others.exclude(connection=connection).select_related("connection"):
            self.notices.append(
                f"certificate {other.subject}: {other.connection} has it, too. Whoever holds its "
                "key can sign tokens of both issuers."
            )

    def _notice_expired(self, listed: Iterable[ParsedCertificate]) -> None:
        """Tell, and do not refuse: a file that was good must not fail because time went by."""
        for certificate in listed:
            try:
                check_validity(certificate, timezone.now())
            except CertificateRefused as refusal:
                self.notices.append(f"certificate {certificate.subject}: {refusal}")

    def _replace_certificates(
        self, connection: Connection, listed: Mapping[str, ParsedCertificate]
    ) -> None:
        connection.certificates.exclude(fingerprint__in=listed).delete()
        add_certificates(connection, listed.values())
