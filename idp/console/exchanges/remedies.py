"""Where in the console the cause of a refusal is mended."""

from django.urls import reverse

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
    if record.reason in ("account.linked-unusable", "account.found-unusable") and record.user:
        return reverse("user", args=[record.user.public_id])
    if check in OF_APPLICATION and record.application_id:
        return reverse(OF_APPLICATION[check], args=[record.application_id])
    if record.connection_id and check in OF_CONNECTION:
        return reverse(OF_CONNECTION[check], args=[record.connection_id])
    return ""
