"""What a calendar draws, made of the events as the cases service answers them.

A month of a busy company holds two thousand, and other pages wait while they are made. So they
are taken as they come (contracts.calendar.CalendarEvent, as JSON), and each moment, of which
many events have the same, is put on the reader's clock once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import quote_plus

from services.web.pages.words import hue

Json = dict[str, Any]


def drawn(events: Iterable[Json], zone: tzinfo, case_pages: str) -> list[Json]:
    """The events as FullCalendar takes them, on the clock of `zone`.

    `case_pages` is the address of a case's page without its number.
    """
    clock = _Clock(zone)
    return [_drawn(event, clock, f"{case_pages}{event['number']}") for event in events]


class _Clock:
    """Moments as JSON has them, on a clock; each is worked out once."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._known: dict[str, str] = {}

    def __call__(self, moment: str, all_day: bool) -> str:
        if all_day:
            return moment[:10]  # midnight in UTC, wherever one looks from
        shown = self._known.get(moment)
        if shown is None:
            local = datetime.fromisoformat(moment).astimezone(self._zone)
            shown = self._known[moment] = local.replace(tzinfo=None).isoformat(timespec="seconds")
        return shown


def _drawn(event: Json, clock: _Clock, address: str) -> Json:
    responsible, original = event.get("responsible"), _original(event)
    whose = responsible["name"] if responsible else ""
    all_day = event.get("all_day", False)
    return {
        "id": f"{event['number']}/{original or ''}",
        "title": event["subject"],
        "start": clock(event["start"], all_day),
        "end": clock(event["end"], all_day),
        "allDay": all_day,
        "url": f"{address}?original={quote_plus(original)}" if original else address,
        "classNames": [f"cw-hue-{hue(whose)}", f"is-{event['state']}", f"is-kind-{event['kind']}"],
        "number": event["number"],
        "version": event["version"],
        "original": original,
        "who": whose,
    }


def _original(event: Json) -> str | None:
    """The moment that names one of a series, as its other pages have it in their addresses."""
    original = event.get("original")
    return datetime.fromisoformat(original).astimezone(UTC).isoformat() if original else None
