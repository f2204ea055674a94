"""The map of linking by oneself, below /account/linking/."""

from django.urls import path

from idp.account.linking import views

urlpatterns = [
    path("", views.choose, name="link-choose"),
    path("<int:connection_id>/", views.prove, name="link-prove"),
    path("<int:connection_id>/sign-in/", views.sign_in, name="link-sign-in"),
    path("<int:connection_id>/callback", views.callback, name="link-callback"),
    path("confirm/<str:name>/", views.confirm, name="link-confirm"),
]
