"""A new application: one page, then its secret once, then what comes next."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_id

from applications.models import Application
from idp import audit
from idp.console.access import administrators_only
from idp.console.applications import secrets
from idp.console.applications.defaults import KINDS
from idp.console.applications.find import finder
from idp.console.applications.forms import CreateForm, cards
from idp.console.applications.snippets import first_request
from idp.console.changing import changing
from idp.console.editing import INVALID


@administrators_only
def create(request: HttpRequest) -> HttpResponse:
    """Make an application, once, however often its form arrives."""
    if request.method != "POST":
        return _page(request, CreateForm(initial={"client_id": generate_client_id()}))
    sent = request.POST.copy()
    try:
        with changing(request):
            twin = _made_before(sent.get("client_id", ""))
            if twin and twin.name == sent.get("name", "").strip():
                return redirect(_next(request, twin))
            if twin:  # the browser went back, and the form became another application's
                sent["client_id"] = generate_client_id()
            form = CreateForm(sent)
            if not form.is_valid():
                return _page(request, form, INVALID)
            return _created(request, form)
    except IntegrityError:  # two at the same moment, and the other was first: now it can be read
        form = CreateForm(sent)
        if form.is_valid():
            form.add_error(None, _("Somebody else saved at the same moment. Send it again."))
        return _page(request, form, INVALID)


def _created(request: HttpRequest, form: CreateForm) -> HttpResponse:
    application = form.save()
    after = audit.describe(application)
    audit.record_changes(application, before={}, after=after, actor=audit.Actor.of(request))
    for secret in form.serializer.shown_once.values() if form.serializer else ():
        secrets.keep(request, application, secret)
    messages.success(request, _("The application was created."))
    return HttpResponseRedirect(_next(request, application))


def _made_before(client_id: str) -> Application | None:
    known_form = client_id.isascii() and client_id.isalnum()
    return Application.objects.filter(client_id=client_id).first() if known_form else None


def _next(request: HttpRequest, application: Application) -> str:
    """Return the page that shows the secret, or where there is none the one after it."""
    if application.has_secret_method:
        return f"{reverse('application-secret', args=[application.pk])}?new"
    return reverse("application-created", args=[application.pk])


def _page(request: HttpRequest, form: CreateForm, status: int = 200) -> HttpResponse:
    texts = {name: kind.text for name, kind in KINDS.items()}
    context = {"form": form, "cards": cards(form["type"], texts)}
    return render(request, "console/applications/new.html", context, status=status)


@administrators_only
def created(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what comes next for a new application."""
    application = finder(pk)()
    context = {"object": application, "snippet": first_request(application)}
    return render(request, "console/applications/created.html", context)
