"""The rules service: its working calendars, and the holidays it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from services.contracts.directory import DirectoryChange
from services.contracts.rules import SaveCalendar, WorkingCalendar
from services.messaging.rpc_client import RpcClient


class Holiday(BaseModel):
    """A public holiday."""

    day: date
    name: str


class Country(BaseModel):
    """A country by its code ("DE"), with the codes of its parts ("BY")."""

    code: str
    name: str
    subdivisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalendarsClient:
    """Each method raises the errors of services.contracts.errors that rules answers with."""

    rpc: RpcClient

    def list_calendars(self) -> list[WorkingCalendar]:
        """All working calendars, by name."""
        answer = self.rpc.call("rules", "list_calendars")
        return [WorkingCalendar.model_validate(one) for one in answer]

    def get(self, calendar_id: int) -> WorkingCalendar:
        """One working calendar; raises NotFound."""
        answer = self.rpc.call("rules", "get_calendar", id=calendar_id)
        return WorkingCalendar.model_validate(answer)

    def save(self, command: SaveCalendar) -> WorkingCalendar:
        """Add or change a working calendar."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        answer = self.rpc.call("rules", "save_calendar", command=asked)
        return WorkingCalendar.model_validate(answer)

    def history(self, calendar_id: int) -> list[DirectoryChange]:
        """Who changed the calendar and how, the last first."""
        answer = self.rpc.call("rules", "list_history", what="calendar", key=str(calendar_id))
        return [DirectoryChange.model_validate(change) for change in answer]

    def holidays(self, country: str, subdivision: str | None, year: int) -> list[Holiday]:
        """The public holidays of a year; raises InvalidRequest for a place not known."""
        where = {"country": country, "subdivision": subdivision}
        answer = self.rpc.call("rules", "list_holidays", **where, year=year)
        return [Holiday.model_validate(one) for one in answer]

    def countries(self) -> list[Country]:
        """The countries whose holidays are known, by name."""
        answer = self.rpc.call("rules", "list_countries")
        return [Country.model_validate(one) for one in answer]
