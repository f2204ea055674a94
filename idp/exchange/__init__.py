"""
Token exchange, RFC 8693, one module a section.

    2.1    request.py       what the client asks for
    2.1    pipeline.py      decide: every check, in order, in one place
    2.1.1  targets.py       audience and resource; for scope see idp/tokens/scopes.py
           account.py       whom the token is for: a federated identity or a local account
           policy.py        the table behind that
    2.2.1  response.py      what the client is told
    3      token_types.py   identifiers
           commit.py        the one place that writes
           record.py        what is remembered of an attempt, whatever came of it
           grant.py         the grant: parse, decide, commit, record
"""
