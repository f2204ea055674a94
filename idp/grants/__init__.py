"""The grants of RFC 6749 beside token exchange, which has a package of its own."""
