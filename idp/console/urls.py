"""Where the pages for administrators are."""

from django.urls import include, path

from idp.console import exchanges, overview, search
from idp.console.applications import create, exchange, protocol, views
from idp.console.applications import secrets as client_secrets
from idp.console.applications import attributes
from idp.console.applications import danger as application_danger
from idp.console.connections import advanced, matching
from idp.console.connections import danger as connection_danger
from idp.console import exchanges, overview, search, settings_page, signing_keys
from idp.console.users import links, listing, profile, reset, rights

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("search/", search.search, name="search"),
    # Connections
    path("", include("idp.console.connections.urls")),
    # Applications
    path("applications/", views.index, name="applications"),
    path("applications/new/", create.create, name="application-new"),
    path("applications/<int:pk>/", views.general, name="application"),
    path("applications/<int:pk>/created/", create.created, name="application-created"),
    path("applications/<int:pk>/protocol/", protocol.protocol, name="application-protocol"),
    path("applications/<int:pk>/exchange/", exchange.exchange, name="application-exchange"),
    path("applications/<int:pk>/secret/", client_secrets.shown, name="application-secret"),
    path("applications/<int:pk>/secret/add/", client_secrets.add, name="application-secret-add"),
    path(
        "applications/<int:pk>/secret/revoke-former/",
        client_secrets.revoke_former,
        name="application-secret-revoke-former",
    ),
    path("connections/<int:pk>/advanced/", advanced.advanced, name="connection-advanced"),
    path("connections/<int:pk>/danger/", connection_danger.danger, name="connection-danger"),
    path("tools/match/<int:pk>/", matching.match, name="tool-match"),
    # Applications
    path("applications/<int:pk>/attributes/", attributes.attributes, name="application-attributes"),
    path("applications/<int:pk>/danger/", application_danger.danger, name="application-danger"),
    path("tools/preview/<int:pk>/", attributes.preview, name="tool-preview"),
    # Users
    path("users/", listing.users, name="users"),
    path("users/new/", profile.new, name="user-new"),
    path("users/<uuid:public_id>/", profile.profile, name="user"),
    path("users/<uuid:public_id>/links/", links.links, name="user-links"),
    path("users/<uuid:public_id>/unlock/", rights.unlock, name="user-unlock"),
    path("users/<uuid:public_id>/reset/", reset.send, name="user-reset"),
    *(
        path(f"users/<uuid:public_id>/{name}/", rights.press, {"button": name}, f"user-{name}")
        for name in rights.BUTTONS
    ),
    # Operation
    path("keys/", signing_keys.keys, name="signing-keys"),
    path("keys/rotate/", signing_keys.rotate, name="signing-keys-rotate"),
    path("keys/<slug:kid>/withdraw/", signing_keys.withdraw, name="signing-key-withdraw"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("settings/administrators/", settings_page.administrator, name="administrators"),
    path("exchanges/<uuid:record_id>/", exchanges.detail, name="exchange-record"),
]
