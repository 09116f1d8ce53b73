"""Moments and amounts as people read them, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal

from services.runtime import clock
from services.web.pages.spans import DAYS, HOURS, MINUTES, STEPS
from services.web.translation import gettext, language, locale, ngettext

# Babel's own formats have no day of the week, and take long for a list of many moments; the
# names are those of CLDR.
DATES = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}", "fr": "{day} {month} {year}"}
DATES_OF_THIS_YEAR = {"en": "{day} {month}", "de": "{day}. {month}", "fr": "{day} {month}"}
WEEKDAYS = {"en": "{weekday} {date}", "de": "{weekday}, {date}", "fr": "{weekday} {date}"}


def zone_of(name: str) -> tzinfo:
    """The time zone of this name, UTC for one we do not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def today(time_zone: str) -> date:
    """Which day it is by the clocks of the time zone of this name."""
    return clock.now().astimezone(zone_of(time_zone)).date()


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
    return _date(local, patterns)


def exact(moment: datetime, zone: tzinfo) -> str:
    """ "Wed 25 Nov 2026, 14:05"."""
    local = moment.astimezone(zone)
    return f"{_weekday_and_date(local, DATES)}, {local:%H:%M}"


def day(value: date) -> str:
    """ "25 Nov 2026"."""
    return _date(value, DATES)


def weekday_and_day(value: date) -> str:
    """ "Wed 25 Nov"."""
    return _weekday_and_date(value, DATES_OF_THIS_YEAR)


def weekday_and_date(value: date) -> str:
    """ "Wed 25 Nov 2026"."""
    return _weekday_and_date(value, DATES)


def day_and_month(value: date) -> str:
    """ "25 Nov"."""
    return _date(value, DATES_OF_THIS_YEAR)


def weekday(number: int, short: bool = False) -> str:
    """ "Monday" for 0, or "Mon"."""
    return _day_names("abbreviated" if short else "wide", language())[number]


def month(text: str) -> str:
    """ "2026-11" as "Nov 2026"."""
    year, _, number = text.partition("-")
    return f"{_month_names(language())[int(number)]} {year}"


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


def pause(wait: timedelta) -> str:
    """How long somebody has to wait, in whole minutes: "1 minute", "32 minutes"."""
    return whole_minutes(max(1, ceil(wait.total_seconds() / 60)))


def whole_minutes(count: int) -> str:
    """A number of minutes in full: "1 minute", "32 minutes"."""
    return ngettext("%(num)s minute", "%(num)s minutes", count)


def size(count: int) -> str:
    """A number of bytes as "18 kB"."""
    if count < 1000:
        return gettext("%(count)s B", count=count)
    if count < 1_000_000:
        return gettext("%(count)s kB", count=decimal(count / 1000, 0))
    return gettext("%(count)s MB", count=decimal(count / 1_000_000))


def _weekday_and_date(value: date, patterns: Mapping[str, str]) -> str:
    name = weekday(value.weekday(), short=True)
    return WEEKDAYS[language()].format(weekday=name, date=_date(value, patterns))


def _date(value: date, patterns: Mapping[str, str]) -> str:
    month_name = _month_names(language())[value.month]
    return patterns[language()].format(day=value.day, month=month_name, year=value.year)


@lru_cache
def _day_names(width: Literal["abbreviated", "wide"], code: str) -> dict[int, str]:
    return dict(get_day_names(width, locale=code))


@lru_cache
def _month_names(code: str) -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=code))
