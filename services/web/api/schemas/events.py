"""Meetings of the calendar, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.calendar import CalendarEvent, Scope
from services.contracts.case_commands import LONGEST_MINUTES
from services.contracts.envelope import Part
from services.web.api.schemas.base import Given, Moment, Version
from services.web.api.schemas.cases import CaseConditions

IDS = r"^[1-9][0-9]{0,9}(,[1-9][0-9]{0,9}){0,199}$"


class EventFilter(CaseConditions):
    """Which meetings to list: those that touch the time from `begin` to before `end`."""

    begin: Moment
    end: Moment = Field(description="At most 400 days behind the begin")
    responsible_ids: str | None = Field(
        default=None, pattern=IDS, description="Whose, with commas between; those of all without"
    )


class EventList(Part):
    """Meetings by their begin, with those of series; `more`: there were more than 5,000."""

    items: list[CalendarEvent]
    next: str | None = None
    more: bool = False


class EventMove(Given):
    """Where a meeting goes; what is left out stays.

    `original` is that of a meeting of a series, as it was listed; `scope` then says which of
    them move. `cancelled` takes them out instead.
    """

    version: Version
    scope: Scope = "all"
    original: Moment | None = None
    start: Moment | None = None
    duration_minutes: int | None = Field(default=None, ge=0, le=LONGEST_MINUTES)
    all_day: bool | None = None
    cancelled: bool = False
