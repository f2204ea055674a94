"""`make demo`: Agio and an issuer it trusts, on this machine, with requests to paste."""
