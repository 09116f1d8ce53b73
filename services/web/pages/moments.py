"""Moments and amounts as people read them, in their language."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal

from services.web.pages.spans import DAYS, HOURS, MINUTES, STEPS
from services.web.translation import gettext, language, locale

# Patterns of CLDR (UTS 35); those that it has ready-made have no day of the week.
DATES = {"en": "d MMM yyyy", "de": "d. MMM yyyy", "fr": "d MMM yyyy"}
DATES_OF_THIS_YEAR = {"en": "d MMM", "de": "d. MMM", "fr": "d MMM"}
WEEKDAY_AND_DAY = {"en": "EEE d MMM", "de": "EEE, d. MMM", "fr": "EEE d MMM"}
MOMENTS = {
    "en": "EEE d MMM yyyy, HH:mm",
    "de": "EEE, d. MMM yyyy, HH:mm",
    "fr": "EEE d MMM yyyy, HH:mm",
}


def zone_of(name: str) -> tzinfo:
    """The time zone of this name, UTC for one we do not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def relative(moment: datetime, now: datetime, zone: tzinfo, short: bool = False) -> str:
    """ "5 min ago", "in 3 d"; the day itself when it is more than two weeks away.

    `short` leaves the "ago" out, where it is clear that the moment is past.
    """
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 60:
        return gettext("just now")
    step = next((one for one in STEPS if abs(seconds) < one.limit), None)
    if step is not None:
        count = int(abs(seconds) // step.seconds)
        told = step.ahead if seconds < 0 else step.plain if short else step.ago
        return told(count, count)
    local = moment.astimezone(zone)
    patterns = DATES_OF_THIS_YEAR if local.year == now.astimezone(zone).year else DATES
    return format_date(local.date(), patterns[language()], locale())


def exact(moment: datetime, zone: tzinfo) -> str:
    """ "Wed 25 Nov 2026, 14:05"."""
    return format_datetime(moment.astimezone(zone), MOMENTS[language()], locale=locale())


def day(value: date) -> str:
    """ "25 Nov 2026"."""
    return format_date(value, DATES[language()], locale())


def weekday_and_day(value: date) -> str:
    """ "Wed 25 Nov"."""
    return format_date(value, WEEKDAY_AND_DAY[language()], locale())


def weekday(number: int, short: bool = False) -> str:
    """ "Monday" for 0, or "Mon"."""
    names = get_day_names("abbreviated" if short else "wide", locale=locale())
    return str(names[number])


def month(text: str) -> str:
    """ "2026-11" as "Nov 2026"."""
    return format_date(date.fromisoformat(f"{text}-01"), "MMM yyyy", locale())


def country_name(code: str, english: str) -> str:
    """The name of a country in the language of the page."""
    return english if language() == "en" else locale().territories.get(code, english)


def amount(value: Decimal | None, currency: str = "") -> str:
    """ "1,200.50 EUR"; empty for none."""
    if value is None:
        return ""
    return f"{format_decimal(value, '#,##0.00', locale())} {currency}".strip()


def decimal(value: float, places: int = 1) -> str:
    """A number with this many places behind the point: "3.5"."""
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(Decimal(f"{value:.{places}f}"), pattern, locale())


def hours(value: float | None) -> str:
    """A delay in hours as "12 min", "3.5 h" or "4.2 d"; a dash for none."""
    if value is None:
        return "–"
    if value < 1:
        return MINUTES.plain(2, decimal(value * 60, 0))
    return HOURS.plain(2, decimal(value)) if value < 48 else DAYS.plain(2, decimal(value / 24))


def duration(seconds: float | None) -> str:
    """A delay in seconds as "40 s", and as `hours` tells it from a minute on."""
    if seconds is not None and seconds < 60:
        return f"{max(seconds, 0):.0f} s"
    return hours(None if seconds is None else seconds / 3600)


def size(count: int) -> str:
    """A number of bytes as "18 kB"."""
    if count < 1000:
        return gettext("%(count)s B", count=count)
    if count < 1_000_000:
        return gettext("%(count)s kB", count=decimal(count / 1000, 0))
    return gettext("%(count)s MB", count=decimal(count / 1_000_000))
