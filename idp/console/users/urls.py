"""Where the pages about users are."""

from django.urls import path

from idp.console.activity import of_user
from idp.console.roles.membership import of_user as roles_of_user
from idp.console.users import links, listing, profile, reset, rights

urlpatterns = [
    path("users/", listing.users, name="users"),
    path("users/new/", profile.new, name="user-new"),
    path("users/<uuid:public_id>/", profile.profile, name="user"),
    path("users/<uuid:public_id>/links/", links.links, name="user-links"),
    path("users/<uuid:public_id>/roles/", roles_of_user, name="user-roles"),
    path("users/<uuid:public_id>/activity/", of_user, name="user-activity"),
    path("users/<uuid:public_id>/unlock/", rights.unlock, name="user-unlock"),
    path("users/<uuid:public_id>/reset/", reset.send, name="user-reset"),
    path("users/<uuid:public_id>/invite/", reset.invite, name="user-invite"),
    *(
        path(f"users/<uuid:public_id>/{name}/", rights.press, {"button": name}, f"user-{name}")
        for name in rights.BUTTONS
    ),
]
