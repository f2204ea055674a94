"""The first page of the console."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from idp.console.access import administrators_only


@administrators_only
def overview(request: HttpRequest) -> HttpResponse:
    """Show how things are."""
    return render(request, "console/overview.html")
