"""Where the pages about the registry of scopes are."""

from django.urls import path

from idp.console.activity import of_scope as activity
from idp.console.scopes import danger, views

urlpatterns = [
    path("scopes/", views.index, name="scopes"),
    path("scopes/new/", views.new, name="scope-new"),
    path("scopes/<int:pk>/", views.general, name="scope"),
    path("scopes/<int:pk>/activity/", activity, name="scope-activity"),
    path("scopes/<int:pk>/danger/", danger.danger, name="scope-danger"),
]
