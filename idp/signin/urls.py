"""The map of signing in; names with an underscore are those that allauth asks for."""

from django.urls import path

from idp.signin.forgotten import forgotten, forgotten_sent
from idp.signin.invitation import invited
from idp.signin.password import SignInView
from idp.signin.second_factor import PasskeySignInView, SecondFactorView, sign_in_again

urlpatterns = [
    path("", SignInView.as_view(), name="sign-in"),
    path("", SignInView.as_view(), name="account_login"),
    path("second-factor/", SecondFactorView.as_view(), name="mfa_authenticate"),
    path("again/", sign_in_again, name="sign-in-again"),
    path("forgotten/", forgotten, name="forgotten"),
    path("forgotten/sent/", forgotten_sent, name="forgotten-sent"),
    path("invited/<str:secret>/", invited, name="invited"),
    path("passkey/", PasskeySignInView.as_view(), name="mfa_login_webauthn"),
]
