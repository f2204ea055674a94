"""
Signing people in for applications: authorization code with PKCE, and OpenID Connect.

    OAuth 2.0 (RFC 6749)
      4.1.1  request.py    what the application asks for, read strictly
      4.1.2  response.py   the way back, with `iss` (RFC 9207)
      4.1.2  codes.py      codes: good once, for a minute
    RFC 7636 pkce.py       who redeems a code is who asked for it
    OpenID Connect Core
      3.1.2  prompt.py     whether somebody has to sign in again first
      3.1.2.4 consent.py   what a person agreed to
      2      id_token.py   what is said of a sign-in
      5.4    scopes.py     which claims a scope stands for
    RP-Initiated Logout    logout.py
             views.py      the pages

Why not the toolkit's view: it keeps the last of repeated parameters, its grant model keeps codes as
they are, and consent is what a token says it is. What we read strictly at the token endpoint is
read as strictly here.
"""
