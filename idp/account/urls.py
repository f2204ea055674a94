"""The map of the pages of an account."""

from django.urls import path

from idp.account.linked_accounts import views as links
from idp.account.profile import profile
from idp.account.reauthentication import confirm

urlpatterns = [
    path("", profile, name="account"),
    path("confirm/", confirm, name="confirm"),
    path("linked-accounts/", links.listing, name="linked-accounts"),
    path("linked-accounts/notices/", links.notices, name="link-notices"),
    path("linked-accounts/<int:pk>/pause/", links.pause, name="pause-link"),
    path("linked-accounts/<int:pk>/resume/", links.resume, name="resume-link"),
    path("linked-accounts/<int:pk>/limit/", links.limit, name="limit-link"),
    path("linked-accounts/<int:pk>/unlink/", links.unlink, name="unlink"),
    path("linked-accounts/removed/<int:pk>/", links.allow_again, name="allow-link-again"),
]
