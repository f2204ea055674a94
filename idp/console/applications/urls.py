"""Where the pages about applications are."""

from django.urls import path

from idp.console.activity import of_application
from idp.console.applications import attributes, create, danger, exchange, protocol, secrets, views

urlpatterns = [
    path("applications/", views.index, name="applications"),
    path("applications/new/", create.create, name="application-new"),
    path("applications/<int:pk>/", views.general, name="application"),
    path("applications/<int:pk>/created/", create.created, name="application-created"),
    path("applications/<int:pk>/protocol/", protocol.protocol, name="application-protocol"),
    path("applications/<int:pk>/attributes/", attributes.attributes, name="application-attributes"),
    path("applications/<int:pk>/exchange/", exchange.exchange, name="application-exchange"),
    path("applications/<int:pk>/activity/", of_application, name="application-activity"),
    path("applications/<int:pk>/danger/", danger.danger, name="application-danger"),
    path("applications/<int:pk>/secret/", secrets.shown, name="application-secret"),
    path("applications/<int:pk>/secret/add/", secrets.add, name="application-secret-add"),
    path(
        "applications/<int:pk>/secret/revoke-former/",
        secrets.revoke_former,
        name="application-secret-revoke-former",
    ),
    path("tools/preview/<int:pk>/", attributes.preview, name="tool-preview"),
]
