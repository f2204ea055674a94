"""Reasons of refusals, in words."""

from django import template

from idp.console import reasons

register = template.Library()


@register.filter
def reason_in_words(reason: str) -> reasons.Text:
    """Return a reason as people say it."""
    return reasons.in_words(reason)
