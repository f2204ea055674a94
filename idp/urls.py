"""The whole URL map."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from idp import pages
from idp.console import exchanges
from idp.endpoints import health, jwks, metadata
from idp.endpoints.introspection import IntrospectionView
from idp.endpoints.openapi import openapi
from idp.endpoints.revocation import RevocationView
from idp.endpoints.token import TokenView

urlpatterns = [
    # The protocol
    path("oauth2/token", TokenView.as_view(), name="token"),
    path("oauth2/introspect", IntrospectionView.as_view(), name="introspect"),
    path("oauth2/revoke", RevocationView.as_view(), name="revoke"),
    path("oauth2/jwks", jwks.jwks, name="jwks"),
    path(".well-known/oauth-authorization-server", metadata.authorization_server, name="metadata"),
    path(".well-known/openid-configuration", metadata.authorization_server),
    path("openapi.json", openapi, name="openapi"),
    # People
    path("", pages.home, name="home"),
    path("sign-in/", LoginView.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    # Administrators
    path("console/exchanges/<uuid:record_id>/", exchanges.detail, name="exchange-record"),
    # Operation
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
