"""What a calendar draws of the events that cases answers (C1, C2)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from services.web.pages.calendar_events import drawn

BERLIN = ZoneInfo("Europe/Berlin")
EVENT = {
    "number": 101,
    "version": 3,
    "subject": "Visit",
    "kind": "meeting",
    "state": "open",
    "start": "2026-03-28T09:00:00Z",
    "end": "2026-03-29T09:00:00Z",
}


def test_C2_a_meeting_stands_on_the_clock_of_whoever_looks_over_the_change_of_clocks() -> None:
    (shown,) = drawn([EVENT], BERLIN, "/cases/")
    assert (shown["start"], shown["end"]) == ("2026-03-28T10:00:00", "2026-03-29T11:00:00")
    assert (shown["url"], shown["who"], shown["original"]) == ("/cases/101", "", None)
    assert shown["classNames"][1:] == ["is-open", "is-kind-meeting"]


def test_C2_a_whole_day_is_the_same_day_wherever_one_looks_from() -> None:
    whole = {"start": "2026-03-28T00:00:00Z", "end": "2026-03-29T00:00:00Z", "all_day": True}
    for zone in (BERLIN, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")):
        (shown,) = drawn([{**EVENT, **whole}], zone, "/cases/")
        assert (shown["allDay"], shown["start"], shown["end"]) == (True, "2026-03-28", "2026-03-29")


def test_C3_one_of_a_series_leads_to_the_meeting_it_was_planned_as() -> None:
    series = {"original": "2026-03-28T08:00:00Z", "responsible": {"id": 3, "name": "Ann"}}
    other = {**EVENT, "number": 102}
    shown, second = drawn([{**EVENT, **series}, other], BERLIN, "/cases/")
    assert shown["original"] == "2026-03-28T08:00:00+00:00"
    assert shown["url"] == "/cases/101?original=2026-03-28T08%3A00%3A00%2B00%3A00"
    assert (shown["id"], shown["who"]) == ("101/2026-03-28T08:00:00+00:00", "Ann")
    assert (second["id"], second["url"]) == ("102/", "/cases/102")
