"""Working calendars, and the public holidays they can keep."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.rules import SaveCalendar, WorkingCalendar
from services.web.access.asking import command_origin
from services.web.api.changes import changes
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.calendars import (
    CalendarChange,
    CalendarFields,
    CalendarList,
    CountryList,
    HolidayFilter,
    HolidayList,
    NewCalendar,
)
from services.web.api.schemas.rules import ChangeList
from services.web.wiring import wired

blueprint = APIBlueprint("api_calendars", __name__, url_prefix="/api/v1", tag="Working calendars")


@blueprint.get("/calendars")
@blueprint.input(Paged, location="query")
@blueprint.output(CalendarList)
def list_calendars(query_data: Paged) -> CalendarList:
    """List all working calendars."""
    found = wired().calendars.list_calendars()
    page = page_of(found, query_data, lambda one: (one.name.casefold(), one.id))
    return CalendarList(items=page.items, next=page.next)


@blueprint.get("/calendars/<int:id>")
@blueprint.output(WorkingCalendar)
def get_calendar(id: int) -> WorkingCalendar:
    """Get a working calendar."""
    return wired().calendars.get(id)


@blueprint.post("/calendars")
@blueprint.input(NewCalendar)
@blueprint.output(WorkingCalendar, status_code=201)
def create_calendar(json_data: NewCalendar) -> Created[WorkingCalendar]:
    """Add a working calendar."""
    made = _save(json_data)
    return created(made, f"calendars/{made.id}")


@blueprint.patch("/calendars/<int:id>")
@blueprint.input(CalendarChange)
@blueprint.output(WorkingCalendar)
def change_calendar(id: int, json_data: CalendarChange) -> WorkingCalendar:
    """Change a working calendar; rules that count on it are armed anew."""
    return _save(json_data, id=id, version=json_data.version)


@blueprint.get("/calendars/<int:id>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(ChangeList)
def get_calendar_history(id: int, query_data: Paged) -> ChangeList:
    """List who changed a working calendar, and how."""
    return changes(wired().calendars.history(id), query_data)


@blueprint.get("/countries")
@blueprint.output(CountryList)
def list_countries() -> CountryList:
    """List the countries whose public holidays are known."""
    return CountryList(items=wired().calendars.countries())


@blueprint.get("/holidays")
@blueprint.input(HolidayFilter, location="query")
@blueprint.output(HolidayList)
def list_holidays(query_data: HolidayFilter) -> HolidayList:
    """List the public holidays of a year."""
    given = query_data
    found = wired().calendars.holidays(given.country, given.subdivision, given.year)
    return HolidayList(items=found)


def _save(
    given: CalendarFields, *, id: int | None = None, version: int | None = None
) -> WorkingCalendar:
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"version"})
    command = SaveCalendar(**command_origin(), id=id, version=version, fields=fields)
    return wired().calendars.save(command)
