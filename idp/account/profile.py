"""What is known about somebody, for themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from idp.account.access import signed_in_only


@signed_in_only
def profile(request: HttpRequest) -> HttpResponse:
    """Show the profile, and which addresses are verified."""
    return render(request, "account/profile.html")
