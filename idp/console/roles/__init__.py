"""Roles: the list, and what a role grants to whom."""
