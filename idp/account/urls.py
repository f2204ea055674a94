"""The map of the pages of an account."""

from django.urls import path

from idp.account.profile import profile

urlpatterns = [
    path("", profile, name="account"),
]
