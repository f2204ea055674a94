"""The steps of the wizard as data, and what a draft makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from idp.console.connections.forms import ConnectionForm, GeneralForm, KeysStepForm, ReviewForm
from idp.models import ConnectionDraft


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the wizard; `name` is the last part of its address."""

    name: str
    title: str | Promise
    form_class: type[ConnectionForm]


STEPS = (
    Step("general", _("General"), GeneralForm),
    Step("keys", _("Signing keys"), KeysStepForm),
    Step("review", _("Review"), ReviewForm),
)
BY_NAME = {step.name: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Mark:
    """A step as it stands above the page: `state` is done, current or ahead."""

    step: Step
    number: int
    url: str
    state: str


def address(draft: ConnectionDraft, name: str) -> str:
    """Return where a step of a draft is."""
    return reverse("connection-setup-step", args=[draft.pk, name])


def before(name: str) -> tuple[Step, ...]:
    """Return the steps that come before one."""
    return STEPS[: STEPS.index(BY_NAME[name])]


def sent_form(
    draft: ConnectionDraft, name: str, problems: Mapping[str, str] | None = None
) -> ConnectionForm:
    """Return the form of a step with what was sent, to be judged."""
    step = BY_NAME[name]
    return step.form_class(
        draft.values.get(name, {}),
        is_step=name != STEPS[-1].name,
        others=_entries(draft, name),
        problems=problems,
    )


def shown_form(
    draft: ConnectionDraft, name: str, problems: Mapping[str, str] | None = None
) -> ConnectionForm:
    """Return the form of a step to be filled in: with what was typed, and without a verdict."""
    if name in draft.values:
        return sent_form(draft, name, problems).unjudged()
    return BY_NAME[name].form_class(initial=_guess(draft) if name == "keys" else None)


def first_invalid(draft: ConnectionDraft, steps: tuple[Step, ...] = STEPS[:-1]) -> str | None:
    """Return the name of the first step that is not done."""
    return next((step.name for step in steps if not is_done(draft, step.name)), None)


def is_done(draft: ConnectionDraft, name: str) -> bool:
    """Say whether a step was sent and is right, as things are now."""
    return name in draft.values and sent_form(draft, name).is_valid()


def marks(draft: ConnectionDraft, current: str) -> list[Mark]:
    """Return the steps as they stand above the page; what was done stays open to be changed."""
    reached = len(before(current))
    names = enumerate(STEPS)
    return [
        Mark(step, index + 1, address(draft, step.name), _state(draft, index, reached))
        for index, step in names
    ]


def _state(draft: ConnectionDraft, index: int, reached: int) -> str:
    if index == reached:
        return "current"
    if index < reached:
        return "done"
    steps = STEPS[: min(index + 1, len(STEPS) - 1)]
    return "done" if index < len(STEPS) - 1 and not first_invalid(draft, steps) else "ahead"


def _entries(draft: ConnectionDraft, name: str) -> dict[str, Any]:
    """Return what the steps before one say of the connection."""
    entry: dict[str, Any] = {}
    for step in before(name):
        form = sent_form(draft, step.name)
        form.full_clean()
        entry |= form.to_entry(form.cleaned_data)
    return entry


def _guess(draft: ConnectionDraft) -> dict[str, str]:
    issuer = draft.values.get("general", {}).get("issuer", "").strip().rstrip("/")
    return {"jwks_uri": f"{issuer}/.well-known/jwks.json"} if issuer else {}
