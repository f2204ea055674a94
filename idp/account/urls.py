"""The map of the pages of an account."""

from django.urls import include, path

from idp.account import activity, applications, email, mobile, security, sessions
from idp.account.linked_accounts import views as links
from idp.account.profile import profile
from idp.account.reauthentication import confirm

urlpatterns = [
    path("", profile, name="account"),
    path("email/", email.email, name="email"),
    path("email/<str:secret>/", email.confirm_email, name="confirm-email"),
    path("mobile/", mobile.mobile, name="mobile"),
    path("mobile/code/", mobile.confirm_mobile, name="confirm-mobile"),
    path("confirm/", confirm, name="confirm"),
    path("security/", security.security, name="security"),
    path("security/", security.security, name="mfa_index"),
    path("security/password/", security.change_password, name="change-password"),
    path("security/app/", security.AddAppView.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", security.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("security/passkey/", security.AddPasskeyView.as_view(), name="add-passkey"),
    path(
        "security/passkey/<int:pk>/remove/",
        security.RemovePasskeyView.as_view(),
        name="remove-passkey",
    ),
    path("security/codes/", security.CodesView.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", security.NewCodesView.as_view(), name="new-codes"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/others/", sessions.end_other_sessions, name="end-other-sessions"),
    path("sessions/<int:pk>/", sessions.end_session, name="end-session"),
    path("linking/", include("idp.account.linking.urls")),
    path("activity/", activity.activity, name="activity"),
    path("applications/", applications.applications, name="my-applications"),
    path("applications/<int:pk>/", applications.withdraw, name="withdraw-consent"),
    path("linked-accounts/", links.listing, name="linked-accounts"),
    path("linked-accounts/notices/", links.notices, name="link-notices"),
    path("linked-accounts/<int:pk>/pause/", links.pause, name="pause-link"),
    path("linked-accounts/<int:pk>/resume/", links.resume, name="resume-link"),
    path("linked-accounts/<int:pk>/limit/", links.limit, name="limit-link"),
    path("linked-accounts/<int:pk>/unlink/", links.unlink, name="unlink"),
    path("linked-accounts/removed/<int:pk>/", links.allow_again, name="allow-link-again"),
]
