"""
The tokens we issue, from key to revocation.

    signing.py         our keys: made on first use, rotated with overlap, encrypted at rest
    claims.py          what is in an access token (RFC 9068)
    issue.py           make an access token, JWT or opaque, and remember its digest
    refresh.py         refresh tokens: rotation, reuse detection (RFC 6749 6, RFC 9700 4.14)
    scopes.py          what a token may be for: the application's scopes, and the account's roles
    standing.py        whether a token still stands on what it was issued for
    introspection.py   RFC 7662
    revocation.py      RFC 7009
"""
