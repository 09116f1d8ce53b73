"""The spans that rules count, in words."""

from __future__ import annotations

import re

from services.web.translation import gettext, ngettext

# As the rules service writes it: "2 days", "1 working hour (Office)".
WRITTEN = r"\d+ (?:working )?(?:minute|hour|day|month)s?(?: \(.+\))?"
PARTS = re.compile(r"(\d+) (working )?(minute|hour|day|month)s?(?: \((.+)\))?")


def plain_span(count: int, unit: str) -> str:
    """ "2 days"."""
    match unit:
        case "minutes":
            return ngettext("%(num)s minute", "%(num)s minutes", count)
        case "hours":
            return ngettext("%(num)s hour", "%(num)s hours", count)
        case "days":
            return ngettext("%(num)s day", "%(num)s days", count)
        case _:
            return ngettext("%(num)s month", "%(num)s months", count)


def working_span(count: int, unit: str) -> str:
    """ "4 working hours"."""
    match unit:
        case "minutes":
            return ngettext("%(num)s working minute", "%(num)s working minutes", count)
        case "hours":
            return ngettext("%(num)s working hour", "%(num)s working hours", count)
        case _:
            return ngettext("%(num)s working day", "%(num)s working days", count)


def span_of(english: str) -> str:
    """A span that the rules service wrote, such as "4 working hours (Office)"."""
    read = PARTS.fullmatch(english)
    if read is None:
        return english
    count, working, unit, calendar = int(read[1]), read[2], f"{read[3]}s", read[4]
    span = working_span(count, unit) if working else plain_span(count, unit)
    return gettext("%(span)s (%(name)s)", span=span, name=calendar) if calendar else span
