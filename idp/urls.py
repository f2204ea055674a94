"""The whole URL map."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from idp import pages
from idp.authorization.logout import logout
from idp.authorization.views import authorize
from idp.endpoints import health, jwks, metadata
from idp.endpoints.introspection import IntrospectionView
from idp.endpoints.openapi import openapi
from idp.endpoints.revocation import RevocationView
from idp.endpoints.token import TokenView
from idp.endpoints.userinfo import userinfo
from idp.password_reset import NewPasswordView

handler404 = pages.not_found

urlpatterns = [
    # The protocol
    path("oauth2/token", TokenView.as_view(), name="token"),
    path("oauth2/introspect", IntrospectionView.as_view(), name="introspect"),
    path("oauth2/revoke", RevocationView.as_view(), name="revoke"),
    path("oauth2/jwks", jwks.jwks, name="jwks"),
    path("oauth2/authorize", authorize, name="authorize"),
    path("oauth2/userinfo", userinfo, name="userinfo"),
    path("oauth2/logout", logout, name="logout"),
    path(".well-known/oauth-authorization-server", metadata.authorization_server, name="metadata"),
    path(".well-known/openid-configuration", metadata.authorization_server),
    path("openapi.json", openapi, name="openapi"),
    # People
    path("", pages.home, name="home"),
    path("sign-in/", include("idp.signin.urls")),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("theme/", pages.theme, name="theme"),
    path("reset/done/", pages.password_is_set, name="password-reset-done"),
    path("reset/<str:uidb64>/<str:token>/", NewPasswordView.as_view(), name="password-reset"),
    path("account/", include("idp.account.urls")),
    # Administrators
    path("console/", include("idp.console.urls")),
    # Operation
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
