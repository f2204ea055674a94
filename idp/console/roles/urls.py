"""Where the pages about roles are."""

from django.urls import path

from idp.console.activity import of_role as activity
from idp.console.roles import danger, membership, views

urlpatterns = [
    path("roles/", views.index, name="roles"),
    path("roles/new/", views.new, name="role-new"),
    path("roles/<int:pk>/", views.general, name="role"),
    path("roles/<int:pk>/members/", membership.of_role, name="role-members"),
    path("roles/<int:pk>/activity/", activity, name="role-activity"),
    path("roles/<int:pk>/danger/", danger.danger, name="role-danger"),
]
