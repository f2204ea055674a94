"""What the demo prints: where things are, and requests to paste."""

from collections.abc import Iterator
from pathlib import Path

from idp.demo.commands import Client
from idp.demo.servers import CONFIGURATION, Servers

OVERVIEW = """
Agio     {agio}
         console          {agio}/console/
         token endpoint   {agio}/oauth2/token
         metadata         {agio}/.well-known/oauth-authorization-server
         public keys      {agio}/oauth2/jwks
         administrator    admin, password {password} (for this run only)
         a person         ann, password {people_password}: {agio}/account/
         set up from      {configuration}
         log              {logs}/agio.log

Acme     {acme}
         an issuer that Agio trusts: it has its own keys, and knows ann, ben and cho
         public keys      {acme}/jwks
         a fresh token    {acme}/token?person=ann
         log              {logs}/acme.log
         and a second one {acme}/globex
         that Agio does not trust yet: see the last request

Paste these requests into another terminal. The tokens in them are good for one hour."""

EXAMPLE = """
{number}. {title}.
   {meaning}

{commands}"""

END = """
Press Ctrl-C to end both servers; nothing is kept."""


def walkthrough(servers: Servers, logs: Path) -> Iterator[str]:
    """Yield all that the demo prints; commands stand between empty lines."""
    yield OVERVIEW.format(
        agio=servers.agio,
        acme=servers.acme,
        password=servers.administrator_password,
        people_password=servers.people_password,
        configuration=CONFIGURATION,
        logs=logs,
    )
    for number, (title, meaning, commands) in enumerate(_examples(servers), start=1):
        yield EXAMPLE.format(number=number, title=title, meaning=meaning, commands=commands)
    yield END


def _examples(servers: Servers) -> Iterator[tuple[str, str, str]]:
    """Yield title, meaning and commands of each example, with tokens that are valid now."""
    yield from _identities(servers)
    yield from _tokens(servers)
    yield from _changes(servers)


def _identities(servers: Servers) -> Iterator[tuple[str, str, str]]:
    orders = Client(servers.agio, "orders", servers.orders_secret)
    yield (
        "Ann has an account here, linked to her identity at Acme",
        "200: the token is for the account: its sub is the account's own id.",
        orders.exchange(servers.acme_token("ann")),
    )
    yield (
        "Ben has no account here: he is a federated identity",
        "200: the token has the sub that Acme gave him; its sub_id says whose sub that is.",
        orders.exchange(servers.acme_token("ben", algorithm="RS256")),
    )
    yield (
        "Cho has an account with the e-mail address that Acme vouches for",
        "200: this first exchange links the two; the token is for the account.",
        orders.exchange(servers.acme_token("cho")),
    )


def _tokens(servers: Servers) -> Iterator[tuple[str, str, str]]:
    orders = Client(servers.agio, "orders", servers.orders_secret)
    payroll = Client(servers.agio, "payroll", servers.payroll_secret)
    yield (
        "A token that Acme made for another server is refused",
        "400 invalid_request: it is not intended for this server.",
        orders.exchange(servers.acme_token("ann", kind="wrong-audience")),
    )
    yield (
        "Payroll takes only people with an account, so that Ben is refused",
        "400 invalid_request: why, is in the administrator's record, not in the answer.",
        payroll.exchange(servers.acme_token("ben")),
    )
    yield (
        "What is in a token: get one, and introspect it",
        "200: active, and the claims.",
        orders.introspect(servers.acme_token("ann")),
    )
    yield (
        "A refresh token gets the next access token",
        "200: after another look at application, connection, link and account.",
        orders.refresh(servers.acme_token("ann")),
    )


def _changes(servers: Servers) -> Iterator[tuple[str, str, str]]:
    """Yield what turns out otherwise once somebody has clicked."""
    orders = Client(servers.agio, "orders", servers.orders_secret)
    payroll = Client(servers.agio, "payroll", servers.payroll_secret)
    yield (
        "The last word over her account is Ann's",
        f"200, until she says no: open {servers.agio}/account/linked-accounts/ and sign in as ann\n"
        f"   (password {servers.people_password}), then Pause or Unlink Acme. The same request is\n"
        "   refused from then on, and nobody but Ann can change that.",
        payroll.exchange(servers.acme_token("ann")),
    )
    globex = f"{servers.acme}/globex"
    yield (
        "Globex is an issuer that nobody has added yet: its tokens are refused",
        f"400 invalid_request, until you have: open {servers.agio}/console/connections/setup/,\n"
        f"   enter the name Globex and the issuer {globex}, and finish. Then 200.",
        orders.exchange(f"\"$(curl -s '{globex}/token?person=ben')\""),
    )
