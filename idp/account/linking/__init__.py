"""
People link outside identities to their accounts by themselves: they prove the identity first.

ways.py           which connections offer it, and how
session.py        what waits in a session: for an answer of the issuer, or for a click
authorization.py  to the issuer and back: RFC 6749 4.1.1 and 4.1.2, RFC 7636, RFC 9207
token_request.py  the code for an ID token: RFC 6749 4.1.3
id_token.py       OpenID Connect Core 3.1.3.7
fresh_token.py    a token that somebody pastes
proof.py          what was proved, and what is shown of it
commit.py         the link, written in one transaction, or why not
refusal.py        why not, in words for people
views.py          the pages
"""
