"""What a calendar shows of dated cases, and what a drag in it does to them (C1, C3, C5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.cases import calendar_events
from services.contracts.calendar import CalendarQuestion
from services.contracts.errors import InvalidRequest, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk

MONDAY = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)  # 09:00 in Brussels, in summer time
WEEK = timedelta(days=7)
ZONE = "Europe/Brussels"
WEEKLY = {"recurrence": "FREQ=WEEKLY;BYDAY=MO", "time_zone": ZONE}


def meeting(desk: Desk, subject: str = "Talk", start: datetime = MONDAY, **more: Any) -> Any:
    fields = {"subject": subject, "kind": "meeting", "start": start, "duration_minutes": 60}
    return desk.command("create_case", fields={**fields, **more})


def shown(
    desk: Desk, begin: datetime = MONDAY, days: int = 7, cases: Any = None, **more: Any
) -> list[dict[str, Any]]:
    question = CalendarQuestion(
        begin=begin, end=begin + timedelta(days=days), cases=cases or {}, **more
    )
    with desk.database.read() as connection:
        answer = calendar_events.list_events(connection, question)
    assert not answer["more"]
    return list(answer["items"])


def times(events: list[dict[str, Any]]) -> list[str]:
    return [event["start"][5:16] for event in events]


def moved(desk: Desk, case: dict[str, Any], **more: Any) -> dict[str, Any]:
    return desk.command("move_event", number=case["number"], version=case["version"], **more)


def test_C1_a_window_holds_what_touches_it(desk: Desk) -> None:
    meeting(desk, "over before", MONDAY - timedelta(hours=1))
    meeting(desk, "still going on", MONDAY - timedelta(minutes=30))
    meeting(desk, "but a moment", MONDAY, duration_minutes=None)
    meeting(desk, "last", MONDAY + WEEK - timedelta(minutes=1))
    meeting(desk, "too late", MONDAY + WEEK)
    meeting(desk, "a month long", MONDAY - 2 * WEEK, duration_minutes=30 * 24 * 60)
    desk.command("create_case", fields={"subject": "without a date"})
    found = [event["subject"] for event in shown(desk)]
    assert found == ["a month long", "still going on", "but a moment", "last"]


def test_C5_filters_and_search_filter_the_events(desk: Desk) -> None:
    meeting(desk, "Eve and the belt", responsible_id=desk.eve)
    meeting(desk, "Bob and the belt", responsible_id=desk.bob)
    meeting(desk, "Holiday", kind="leave", responsible_id=desk.bob)
    both = shown(desk, responsible_ids=(desk.eve, desk.bob))
    assert len(both) == 3
    assert [e["subject"] for e in shown(desk, responsible_ids=(desk.eve,))] == ["Eve and the belt"]
    assert [e["subject"] for e in shown(desk, cases={"kind": "leave"})] == ["Holiday"]
    assert len(shown(desk, cases={"q": "belt"})) == 2
    assert [e["subject"] for e in shown(desk, cases={"q": "belt bob"})] == ["Bob and the belt"]
    assert shown(desk, cases={"q": "!!"}) == []


def test_C1_a_series_stands_in_every_week_at_its_clock_time(desk: Desk) -> None:
    meeting(desk, **WEEKLY)
    october = shown(desk, MONDAY, 30)
    assert times(october) == ["10-05T07:00", "10-12T07:00", "10-19T07:00", "10-26T08:00",
                              "11-02T08:00"]  # fmt: skip
    assert len(shown(desk, MONDAY + 520 * WEEK, 14)) == 2


def test_C3_one_meeting_of_a_series_is_moved_and_one_taken_out(desk: Desk) -> None:
    case = meeting(desk, **WEEKLY)
    second, third = MONDAY + WEEK, MONDAY + 2 * WEEK
    later = second + timedelta(days=1, hours=2)
    case = moved(desk, case, scope="this", original=second, start=later, duration_minutes=30)
    case = moved(desk, case, scope="this", original=third, cancelled=True)
    found = shown(desk, MONDAY, 25)
    assert times(found) == ["10-05T07:00", "10-13T09:00", "10-26T08:00"]
    assert found[1]["end"][5:16] == "10-13T09:30" and found[1]["moved"]
    assert found[1]["original"] == "2026-10-12T07:00:00Z"
    again = moved(desk, case, scope="this", original=second, start=second)
    assert times(shown(desk, MONDAY, 10)) == ["10-05T07:00", "10-12T07:00"]
    entry = desk.case(again["number"]).history[-1]
    assert [change.field for change in entry.changes] == ["occurrences"]


def test_C3_a_whole_series_moves_with_the_meeting_that_was_dragged(desk: Desk) -> None:
    case = meeting(desk, **WEEKLY)
    second, fourth = MONDAY + WEEK, MONDAY + 3 * WEEK
    case = moved(desk, case, scope="this", original=second, start=second + timedelta(hours=3))
    # Dragged in winter time, from 9 to 10 o'clock on the day behind.
    fourth_now = fourth + timedelta(hours=1)
    new = fourth_now + timedelta(days=1, hours=1)
    after = moved(desk, case, scope="all", original=fourth_now, start=new)
    assert after["recurrence"] == "FREQ=WEEKLY;BYDAY=TU"
    found = shown(desk, MONDAY, 30)
    assert times(found) == ["10-06T08:00", "10-13T11:00", "10-20T08:00", "10-27T09:00",
                            "11-03T09:00"]  # fmt: skip


def test_C3_all_following_become_a_case_of_their_own(desk: Desk) -> None:
    case = meeting(desk, responsible_id=desk.eve, tags=["weekly"], **WEEKLY)
    third = MONDAY + 2 * WEEK
    case = moved(desk, case, scope="this", original=MONDAY + WEEK, cancelled=True)
    fourth = third + WEEK + timedelta(hours=1)  # in winter time
    case = moved(desk, case, scope="this", original=fourth, start=fourth + timedelta(hours=5))
    new = moved(desk, case, scope="following", original=third, start=third + timedelta(hours=2))
    assert new["number"] != case["number"]
    assert new["responsible"]["id"] == desk.eve and new["tags"] == ["weekly"]
    found = [(e["number"] == new["number"], e["start"][5:16]) for e in shown(desk, MONDAY, 40)]
    assert found == [
        (False, "10-05T07:00"),
        (True, "10-19T09:00"),
        (True, "10-26T15:00"),  # moved by five hours before, and by two now
        (True, "11-02T10:00"),
        (True, "11-09T10:00"),
    ]
    links = desk.case(new["number"]).links
    assert [(link.relation, link.number) for link in links] == [("follows", case["number"])]


def test_C3_all_following_are_taken_out(desk: Desk) -> None:
    case = meeting(desk, **WEEKLY)
    moved(desk, case, scope="following", original=MONDAY + 2 * WEEK, cancelled=True)
    assert times(shown(desk, MONDAY, 60)) == ["10-05T07:00", "10-12T07:00"]
    assert len(desk.listed()) == 1


def test_C3_a_single_meeting_moves_stretches_and_is_cancelled(desk: Desk) -> None:
    case = meeting(desk)
    case = moved(desk, case, start=MONDAY + timedelta(hours=1), duration_minutes=90)
    (event,) = shown(desk)
    assert (event["start"], event["end"]) == ("2026-10-05T08:00:00Z", "2026-10-05T09:30:00Z")
    case = moved(desk, case, start=datetime(2026, 10, 6, tzinfo=UTC), all_day=True)
    (event,) = shown(desk)
    assert event["all_day"] and event["end"] == "2026-10-07T00:00:00Z"
    assert moved(desk, case, cancelled=True)["state"] == "cancelled"


def test_C3_a_change_of_what_somebody_else_changed_is_refused(desk: Desk) -> None:
    case = meeting(desk)
    moved(desk, case, start=MONDAY + timedelta(hours=1))
    with pytest.raises(StaleVersion):
        moved(desk, case, start=MONDAY + timedelta(hours=2))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"recurrence": "FREQ=WEEKLY;BYDAY=TU"}, "recurrence"),
        ({"recurrence": "now and then"}, "recurrence"),
        ({"recurrence": "FREQ=DAILY", "start": None}, "start"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"all_day": True}, "start"),
    ],
    ids=["not on its day", "no rule", "without a start", "no zone", "not at midnight"],
)
def test_C1_what_does_not_go_together_is_refused(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        meeting(desk, **fields)
    assert refused.value.field == field


def test_C3_a_meeting_that_the_series_has_not_is_refused(desk: Desk) -> None:
    case = meeting(desk, **WEEKLY)
    for scope in ("this", "following", "all"):
        with pytest.raises(InvalidRequest, match="no meeting then"):
            moved(desk, case, scope=scope, original=MONDAY + timedelta(days=1), start=MONDAY)


def test_C1_a_window_that_is_empty_or_too_long_is_refused(desk: Desk) -> None:
    for days in (0, 401):
        with pytest.raises(InvalidRequest):
            shown(desk, MONDAY, days)


def test_C1_another_rule_forgets_what_was_moved_and_null_ends_the_series(desk: Desk) -> None:
    case = meeting(desk, **WEEKLY)
    case = moved(desk, case, scope="this", original=MONDAY + WEEK, cancelled=True)
    fields = {"recurrence": "FREQ=WEEKLY;INTERVAL=2"}
    number, version = case["number"], case["version"]
    case = desk.command("change_case", number=number, version=version, fields=fields)
    assert times(shown(desk, MONDAY, 20)) == ["10-05T07:00", "10-19T07:00"]
    fields = {"recurrence": None}
    case = desk.command("change_case", number=number, version=case["version"], fields=fields)
    assert case["recurrence"] == ""
    assert times(shown(desk, MONDAY, 20)) == ["10-05T07:00"]


@pytest.mark.parametrize("kind", ["meeting", "phone_call", "leave", "delivery", "task"])
def test_C1_every_kind_with_a_start_is_shown(desk: Desk, kind: str) -> None:
    midnight = MONDAY.replace(hour=0)
    meeting(desk, kind, midnight, kind=kind, all_day=True, duration_minutes=3 * 24 * 60)
    for day in range(3):
        (event,) = shown(desk, midnight + timedelta(days=day), days=1)
        assert (event["subject"], event["kind"], event["all_day"]) == (kind, kind, True)
    assert shown(desk, midnight + timedelta(days=3), days=1) == []
