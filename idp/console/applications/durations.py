"""Seconds as people say them."""

from collections.abc import Iterator

from django.utils.translation import ngettext


def in_words(seconds: int) -> str:
    """Write a number of seconds as days, hours, minutes and seconds, without those that are 0."""
    return ", ".join(_parts(seconds)) or _seconds(0)


def _parts(seconds: int) -> Iterator[str]:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    if days:
        yield ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours:
        yield ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    if minutes:
        yield ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if rest:
        yield _seconds(rest)


def _seconds(count: int) -> str:
    return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}
