"""One call of an OAuth endpoint: what arrived, before anything is believed."""

from dataclasses import dataclass

from idp.form import Form


@dataclass(frozen=True, slots=True)
class Call:
    """A form, the headers that matter (Authorization as sent), and where the call came from."""

    form: Form
    authorization: str
    remote_address: str | None
    unsupported_headers: tuple[str, ...] = ()
