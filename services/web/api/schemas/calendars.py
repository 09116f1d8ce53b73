"""Working calendars and holidays, as the API takes and answers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.contracts.envelope import Part
from services.contracts.rules import WorkingCalendar
from services.web.api.schemas.base import Day, Given, Version, Zone
from services.web.clients.calendars import Country, Holiday

Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Code = Annotated[str, Field(min_length=1, max_length=10)]
Spans = tuple[tuple[Clock, Clock], ...]


class CalendarFields(Given):
    """Fields of a working calendar; `hours` are seven lists of spans, from Monday."""

    name: str = Field(default="", min_length=1, max_length=200)
    time_zone: Zone = "UTC"
    hours: tuple[Spans, ...] = Field(default=(), min_length=7, max_length=7)
    country: Code | None = None
    subdivision: Code | None = None
    closed_days: tuple[Day, ...] = Field(default=(), max_length=5000)
    active: bool = True


class NewCalendar(CalendarFields):
    """A working calendar to add."""

    name: str = Field(min_length=1, max_length=200)


class CalendarChange(CalendarFields):
    """Changes to a working calendar; a field left out stays. Rules on it are armed anew."""

    version: Version


class CalendarList(Part):
    """Working calendars by name, and the cursor of the next page."""

    items: list[WorkingCalendar]
    next: str | None = None


class HolidayFilter(Given):
    """Where and when."""

    country: Code = Field(description="Such as DE")
    subdivision: Code | None = Field(default=None, description="Such as BY")
    year: int = Field(ge=1970, le=2100)


class HolidayList(Part):
    """The public holidays of a year."""

    items: list[Holiday]
    next: str | None = None


class CountryList(Part):
    """The countries whose holidays are known, with the codes of their parts."""

    items: list[Country]
    next: str | None = None
