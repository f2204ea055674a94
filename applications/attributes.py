"""The profile attributes an application can ask for, by their claim names (OpenID Connect)."""

PROFILE = (
    "preferred_username",
    "name",
    "given_name",
    "family_name",
    "locale",
    "zoneinfo",
    "picture",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "roles",
)

# Said of local accounts alone: what another issuer calls a role is none of ours.
LOCAL_ONLY = frozenset({"roles"})
