"""Spans of time in words, as the pages tell them and their scripts go on telling them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from services.web.translation import gettext, ngettext


class Told(Protocol):
    """How a number of one unit reads; `shown` stands in the place of the number."""

    def __call__(self, count: int, shown: object) -> str: ...


class Step(NamedTuple):
    """A unit of `seconds`, used for spans shorter than `limit`: alone, past and to come."""

    limit: int
    seconds: int
    plain: Told
    ago: Told
    ahead: Told


MINUTES = Step(
    3600,
    60,
    lambda count, shown: ngettext("%(count)s min", "%(count)s min", count, count=shown),
    lambda count, shown: ngettext("%(count)s min ago", "%(count)s min ago", count, count=shown),
    lambda count, shown: ngettext("in %(count)s min", "in %(count)s min", count, count=shown),
)
HOURS = Step(
    86_400,
    3600,
    lambda count, shown: ngettext("%(count)s h", "%(count)s h", count, count=shown),
    lambda count, shown: ngettext("%(count)s h ago", "%(count)s h ago", count, count=shown),
    lambda count, shown: ngettext("in %(count)s h", "in %(count)s h", count, count=shown),
)
DAYS = Step(
    86_400 * 14,
    86_400,
    lambda count, shown: ngettext("%(count)s d", "%(count)s d", count, count=shown),
    lambda count, shown: ngettext("%(count)s d ago", "%(count)s d ago", count, count=shown),
    lambda count, shown: ngettext("in %(count)s d", "in %(count)s d", count, count=shown),
)
STEPS = (MINUTES, HOURS, DAYS)


def left_words(span: str) -> str:
    """ "in 2 h 10 min"."""
    return gettext("in %(span)s", span=span)


def late_words(span: str) -> str:
    """ "35 min late"."""
    return gettext("%(span)s late", span=span)


def minutes_text(minutes: int) -> str:
    """A number of minutes in its two greatest units: "2 h 10 min", "3 d", "0 min"."""
    parts: list[str] = []
    rest, greatest = max(minutes, 0), None
    for place, step in enumerate(reversed(STEPS)):
        count, rest = divmod(rest, step.seconds // 60)
        if greatest is None and count:
            greatest = place
        if count and greatest is not None and place <= greatest + 1:
            parts.append(step.plain(count, count))
    return " ".join(parts) or MINUTES.plain(0, 0)
