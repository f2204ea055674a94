"""Trusted token issuers, and whether a token is genuinely theirs."""
