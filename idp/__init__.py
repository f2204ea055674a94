"""Agio: an identity provider that changes anyone's token for yours."""
