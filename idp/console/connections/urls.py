"""Where the pages about connections are."""

from django.urls import path

from idp.console.activity import of_connection
from idp.console.connections import (
    advanced,
    danger,
    general,
    keys,
    matching,
    sign_in,
    tools,
    views,
    wizard,
)

urlpatterns = [
    path("connections/", views.connections, name="connections"),
    path("connections/setup/", views.setup, name="connection-setup"),
    path(
        "connections/setup/<uuid:draft_id>/delete/",
        views.delete_draft,
        name="connection-draft-delete",
    ),
    path(
        "connections/setup/<uuid:draft_id>/<slug:name>/", wizard.step, name="connection-setup-step"
    ),
    path("connections/<int:connection_id>/", general.general, name="connection"),
    path("connections/<int:connection_id>/keys/", keys.keys, name="connection-keys"),
    path(
        "connections/<int:connection_id>/keys/refresh/",
        keys.refresh,
        name="connection-keys-refresh",
    ),
    path(
        "connections/<int:connection_id>/keys/<int:certificate_id>/remove/",
        keys.remove,
        name="connection-certificate-remove",
    ),
    path("connections/<int:pk>/advanced/", advanced.advanced, name="connection-advanced"),
    path("connections/<int:pk>/sign-in/", sign_in.sign_in, name="connection-sign-in"),
    path("connections/<int:connection_id>/activity/", of_connection, name="connection-activity"),
    path("connections/<int:pk>/danger/", danger.danger, name="connection-danger"),
    path("tools/match/<int:pk>/", matching.match, name="tool-match"),
    path("tools/discover/", tools.tool_discover, name="tool-discover"),
    path("tools/jwks-test/", tools.tool_jwks, name="tool-jwks"),
    path("tools/parse-certificate/", tools.tool_certificate, name="tool-certificate"),
]
