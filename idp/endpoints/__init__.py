"""
The endpoints of the protocol, one module each; the pages for people are elsewhere.

    token.py           /oauth2/token
    introspection.py   /oauth2/introspect
    revocation.py      /oauth2/revoke
    jwks.py            /oauth2/jwks
    metadata.py        /.well-known/...
    openapi.py         /openapi.json
    health.py          /healthz, /readyz
"""
