"""The whole URL map."""

from django.urls import path

from idp.endpoints import health, jwks, metadata
from idp.endpoints.introspection import IntrospectionView
from idp.endpoints.revocation import RevocationView
from idp.endpoints.token import TokenView

urlpatterns = [
    # The protocol
    path("oauth2/token", TokenView.as_view(), name="token"),
    path("oauth2/introspect", IntrospectionView.as_view(), name="introspect"),
    path("oauth2/revoke", RevocationView.as_view(), name="revoke"),
    path("oauth2/jwks", jwks.jwks, name="jwks"),
    path(".well-known/oauth-authorization-server", metadata.authorization_server),
    path(".well-known/openid-configuration", metadata.authorization_server),
    # Operation
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
