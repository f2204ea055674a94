"""What no path may save an application as: kept by the database, and shown by forms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications import grant_types

CONSTRAINTS = [
    models.CheckConstraint(
        name="application_has_name_and_client_id",
        condition=~Q(name="") & ~Q(client_id=""),
        violation_error_message=_("Enter a name and a client ID."),
    ),
    models.CheckConstraint(
        name="application_mandate_needs_prioritize",
        condition=Q(mandate_local=False) | Q(prioritize_local=True),
        violation_error_message=_(
            "Mandating a linked local account needs “prioritize local account attributes”."
        ),
    ),
    models.CheckConstraint(
        name="application_single_page_never_exchanges",
        condition=~Q(type="single-page") | ~Q(grant_types__contains=grant_types.TOKEN_EXCHANGE),
        violation_error_message=_(
            "A single-page application cannot use token exchange: it runs in a browser, "
            "where tokens of others and a secret cannot be kept."
        ),
    ),
    models.CheckConstraint(
        name="application_in_browser_or_phone_is_public",
        condition=~Q(type__in=["single-page", "mobile"]) | Q(authentication_method="none"),
        violation_error_message=_(
            "A mobile or single-page application cannot keep a secret: "
            "its client authentication is “none”."
        ),
    ),
    models.CheckConstraint(
        name="application_on_server_is_confidential",
        condition=Q(type__in=["single-page", "mobile", "standard-based"])
        | ~Q(authentication_method="none"),
        violation_error_message=_("This type of application needs client authentication."),
    ),
    models.CheckConstraint(
        name="application_private_key_jwt_needs_keys",
        condition=~Q(authentication_method="private_key_jwt") | ~Q(jwks=[]) | ~Q(jwks_uri=""),
        violation_error_message=_(
            "Give the public keys of the application, or the JWKS URL where they are."
        ),
    ),
    models.CheckConstraint(
        name="application_public_has_no_client_credentials",
        condition=~Q(authentication_method="none")
        | ~Q(grant_types__contains=grant_types.CLIENT_CREDENTIALS),
        violation_error_message=_("The client_credentials grant needs client authentication."),
    ),
    models.CheckConstraint(
        name="application_machine_signs_nobody_in",
        condition=~Q(type="machine-to-machine")
        | ~Q(grant_types__contains=grant_types.AUTHORIZATION_CODE),
        violation_error_message=_(
            "A machine-to-machine application signs nobody in: there is no person in front of it."
        ),
    ),
    models.CheckConstraint(
        name="application_sign_in_needs_redirect_uri",
        condition=~Q(grant_types__contains=grant_types.AUTHORIZATION_CODE) | ~Q(redirect_uris=""),
        violation_error_message=_(
            "To sign people in, enter a redirect URI: the address they come back to."
        ),
    ),
    models.CheckConstraint(
        name="application_lifetimes_are_positive",
        condition=Q(access_token_lifetime__gte=1) & Q(refresh_token_lifetime__gte=1),
        violation_error_message=_("A lifetime is at least one second."),
    ),
]
