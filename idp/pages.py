"""Pages for whoever comes along."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Say what this server is and where its metadata is."""
    return render(request, "home.html", {"issuer": settings.ISSUER})
