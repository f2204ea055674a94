"""Where the pages for administrators are."""

from django.urls import include, path

from idp.console import audit_log, overview, search, settings_page, signing_keys
from idp.console.exchanges import views as exchanges

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("search/", search.search, name="search"),
    # Configure
    path("", include("idp.console.connections.urls")),
    path("", include("idp.console.applications.urls")),
    path("", include("idp.console.users.urls")),
    path("", include("idp.console.roles.urls")),
    path("", include("idp.console.scopes.urls")),
    # Operate
    path("exchanges/", exchanges.exchanges, name="exchanges"),
    path("exchanges/<uuid:record_id>/", exchanges.exchange, name="exchange-record"),
    path("audit/", audit_log.audit, name="audit"),
    path("audit/export/", audit_log.as_csv, name="audit-export"),
    path("audit/<uuid:event_id>/", audit_log.entry, name="audit-event"),
    path("keys/", signing_keys.keys, name="signing-keys"),
    path("keys/rotate/", signing_keys.rotate, name="signing-keys-rotate"),
    path("keys/<slug:kid>/withdraw/", signing_keys.withdraw, name="signing-key-withdraw"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("settings/administrators/", settings_page.administrator, name="administrators"),
]
