"""The profile attributes an application can ask for, by their OpenID Connect claim names."""

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
)
