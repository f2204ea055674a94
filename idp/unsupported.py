"""
What a client may ask for and we do not have: refused, and never ignored.

Pure: no Django. An unknown parameter is ignored (RFC 6749 3.2). These are known, and each of them
limits what the token is good for: whoever asked for the limit would rely on it.
"""

from idp.call import Call
from idp.errors import InvalidRequest

BEARER_ONLY = "this server issues bearer tokens only."

HEADERS = {
    "DPoP": BEARER_ONLY,  # RFC 9449 5
    "OAuth-Client-Attestation": "authenticate in the way that is registered.",
}
PARAMETERS = {
    "dpop_jkt": BEARER_ONLY,  # RFC 9449 10
    "req_cnf": BEARER_ONLY,  # RFC 9201 3.1
    "authorization_details": "ask with scope, audience and resource.",  # RFC 9396 6
}


def refuse_unsupported(call: Call) -> None:
    """
    Refuse a call that asks for what would limit its token, where we cannot keep that promise.

    :raises InvalidRequest: with the name of the header or parameter
    """
    advice = {name: HEADERS[name] for name in call.unsupported_headers}
    advice |= {name: text for name, text in PARAMETERS.items() if call.form.get(name)}
    for name, text in advice.items():
        raise InvalidRequest(
            f"{name} is not supported: {text}", reason="request.unsupported", found=name
        )
