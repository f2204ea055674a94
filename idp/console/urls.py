"""Where the pages for administrators are."""

from django.urls import include, path

from idp.console import exchanges, overview, search

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("search/", search.search, name="search"),
    # Connections
    path("", include("idp.console.connections.urls")),
    # Applications
    # Users
    # Operation
    path("exchanges/<uuid:record_id>/", exchanges.detail, name="exchange-record"),
]
