"""Where in the console the cause of a refusal is mended."""

from django.urls import reverse

from accounts.models import FederatedLink
from applications.models import Application
from connections.models import Connection
from idp.models import ExchangeRecord

OF_APPLICATION = {
    "client": "application-protocol",
    "grant": "application-protocol",
    "connection": "application-exchange",
    "target": "application-exchange",
    "scope": "application-exchange",
    "account": "application-attributes",
}
OF_CONNECTION = {
    "issuer": "connection",
    "audience": "connection",
    "signature": "connection-keys",
    "algorithm": "connection-advanced",
    "time": "connection-advanced",
    "replay": "connection-advanced",
}


def remedy(record: ExchangeRecord) -> str:
    """Return the address of the page where the refusal can be mended; empty where there is none."""
    check = record.reason.partition(".")[0]
    if record.reason == "issuer.unknown":
        return reverse("connection-setup")
    if record.reason == "account.linked-unusable":
        return _of("user", _linked_account(record))
    if record.reason.startswith("account.link-"):  # to see it: nobody but the owner mends it
        return _of("user-links", _linked_account(record))
    if record.reason == "scope.needs-role":
        return _of("user-roles", record.user and record.user.public_id) or reverse("scopes")
    if check in OF_APPLICATION:
        return _of(OF_APPLICATION[check], record.application_id or _claimed_application(record))
    if check in OF_CONNECTION:
        return _of(OF_CONNECTION[check], record.connection_id or _connection_of_issuer(record))
    return ""


def _of(name: str, key: object) -> str:
    return reverse(name, args=[key]) if key else ""


# What a check refuses is not proved, so the record does not point at it: it is found by its name.


def _claimed_application(record: ExchangeRecord) -> object:
    claimed = {record.client_id, record.found} - {""}
    return Application.objects.filter(client_id__in=claimed).values_list("pk", flat=True).first()


def _connection_of_issuer(record: ExchangeRecord) -> object:
    found = Connection.objects.filter(issuer=record.found)
    return found.values_list("pk", flat=True).first()


def _linked_account(record: ExchangeRecord) -> object:
    links = FederatedLink.objects.filter(connection=record.connection_id, subject=record.subject)
    return links.values_list("user__public_id", flat=True).first()
