"""C1: start, end, whole days and series from a form, on the clock of whoever fills it in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import CaseView, HistoryEntry
from services.contracts.cases import Change
from services.web.pages.case_form import texts_of
from services.web.pages.conflict import find_conflict
from services.web.pages.form import Form
from services.web.pages.time_fields import as_written, read_times, time_texts

BERLIN = "Europe/Berlin"
MOMENT = datetime(2027, 3, 1, tzinfo=UTC)


def case(**fields: Any) -> CaseView:
    known = {
        "number": 101,
        "version": 2,
        "subject": "Plan",
        "state": "open",
        "kind": "meeting",
        "created_at": MOMENT,
        "last_action_at": MOMENT,
        "state_since": MOMENT,
        "start": "2027-03-24T13:00:00Z",  # a Wednesday, 14:00 in Berlin
        "duration_minutes": 60,
    }
    return CaseView.model_validate(known | fields)


WEEKLY = {"recurrence": "FREQ=WEEKLY;BYDAY=WE", "time_zone": BERLIN}


def saved(
    before: CaseView | None, zone: str = BERLIN, **written: str | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that a form gives when these of its texts are changed, and what is wrong."""
    texts = time_texts(before, zone) if before else {"repeats": "", "time_zone": zone}
    filled = {name: text for name, text in {**texts, **written}.items() if text}
    filled.setdefault("repeats", "")
    for name in ("start", "end", "duration_minutes", "until", "count", "interval"):
        filled.setdefault(name, "")
    form = Form(MultiDict(filled))
    return read_times(form, before, texts if before else {}, zone), form.errors


def test_a_form_that_nobody_changed_changes_nothing() -> None:
    for one in (case(), case(**WEEKLY), case(start=None, duration_minutes=None)):
        assert saved(one) == ({}, {})
    days = {"all_day": True, "start": "2027-03-24T00:00:00Z", "duration_minutes": 2880}
    assert saved(case(**days)) == ({}, {})


def test_the_end_tells_how_long_it_takes() -> None:
    values, _ = saved(case(), end="2027-03-24T15:30")
    assert values == {"duration_minutes": 90}
    # On the night to 28 March an hour is missing in Berlin.
    values, _ = saved(None, start="2027-03-28T01:00", end="2027-03-28T04:00")
    assert values["duration_minutes"] == 120
    assert values["start"] == datetime(2027, 3, 28, tzinfo=UTC)


def test_a_new_start_alone_keeps_the_length() -> None:
    values, _ = saved(case(), start="2027-03-24T09:00")
    assert values == {"start": datetime(2027, 3, 24, 8, tzinfo=UTC)}


def test_the_minutes_where_no_end_is_given() -> None:
    values, _ = saved(None, start="2027-03-24T09:00", duration_minutes="45")
    assert values["duration_minutes"] == 45


def test_whole_days_count_the_last_one() -> None:
    values, _ = saved(None, all_day="on", start="2027-03-24", end="2027-03-26")
    assert values == {
        "start": datetime(2027, 3, 24, tzinfo=UTC),
        "all_day": True,
        "duration_minutes": 3 * 1440,
    }
    values, _ = saved(case(), all_day="on", start="2027-03-24T14:00", end="2027-03-24T15:00")
    assert (values["start"], values["all_day"]) == (datetime(2027, 3, 24, tzinfo=UTC), True)
    assert values["duration_minutes"] == 1440


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"start": "2027-03-24"}, "start"),
        ({"end": "2027-03-24T13:00"}, "end"),
        ({"start": "", "repeats": "DAILY"}, "start"),
        ({"repeats": "DAILY", "until": "2027-05-01", "count": "3"}, "count"),
        ({"repeats": "DAILY", "interval": "0"}, "interval"),
        ({"repeats": "MONTHLY_LAST", "start": "2027-03-10T14:00"}, "repeats"),
        ({"repeats": "HOURLY"}, "repeats"),
    ],
)
def test_what_does_not_go_together_is_told_at_its_field(
    written: dict[str, str], field: str
) -> None:
    _, errors = saved(case(), **written)
    assert list(errors) == [field]


def test_a_series_keeps_to_the_clock_that_was_chosen() -> None:
    values, _ = saved(case(), zone="UTC", repeats="WEEKLY", time_zone=BERLIN, **{"day.WE": "on"})
    assert values == WEEKLY


def test_a_weekly_meeting_moved_to_another_day_goes_on_on_that_day() -> None:
    values, _ = saved(case(**WEEKLY), start="2027-03-25T14:00")
    assert values["recurrence"] == "FREQ=WEEKLY;BYDAY=TH"
    values, _ = saved(case(**WEEKLY), start="2027-03-24T15:00")
    assert values == {"start": datetime(2027, 3, 24, 14, tzinfo=UTC)}


def test_a_rule_that_the_editor_cannot_show_stays() -> None:
    kept = case(recurrence="FREQ=MONTHLY;BYMONTHDAY=24,25", time_zone=BERLIN)
    values, errors = saved(kept, start="2027-03-24T15:00")
    assert (values, errors) == ({"start": datetime(2027, 3, 24, 14, tzinfo=UTC)}, {})
    values, _ = saved(kept, repeats="")
    assert values == {"recurrence": ""}


def test_without_a_start_there_is_no_series() -> None:
    values, _ = saved(case(**WEEKLY), start="", end="", repeats="", **{"day.WE": None})
    assert values["start"] is None and values["recurrence"] == ""


def test_an_emptied_box_stays_empty_when_the_form_comes_back() -> None:
    before = time_texts(case(**WEEKLY), BERLIN)
    assert before["day.WE"] == "on"
    assert "day.WE" not in as_written({"repeats": "WEEKLY", "day.TH": "on"}, before)
    assert as_written({"subject": "x"}, before)["day.WE"] == "on"


def conflict(written: dict[str, str]) -> Any:
    """Somebody moved the meeting by an hour and made it weekly while this form stood open."""
    now = case(version=3, start="2027-03-24T14:00:00Z", **WEEKLY)
    changes = (
        Change(field="start", before="2027-03-24T13:00:00Z", after="2027-03-24T14:00:00Z"),
        Change(field="recurrence", before="", after=WEEKLY["recurrence"]),
        Change(field="time_zone", before="", after=BERLIN),
    )
    entry = HistoryEntry(
        version=3,
        at=MOMENT,
        event_type="case.updated",
        event_id="e",
        actor_kind="user",
        actor_name="Eve",
        changes=changes,
    )
    now = now.model_copy(update={"history": (entry,)})
    return find_conflict(now, 2, texts_of(case(), BERLIN) | written, BERLIN)


def test_what_another_did_to_the_time_is_taken_over_where_the_reader_did_nothing() -> None:
    found = conflict({"subject": "Another"})
    assert found.texts["start"] == "2027-03-24T15:00" and found.texts["end"] == "2027-03-24T16:00"
    assert (found.texts["repeats"], found.texts["day.WE"]) == ("WEEKLY", "on")
    assert found.theirs == {}


def test_where_both_moved_it_both_times_are_shown() -> None:
    found = conflict({"start": "2027-03-24T10:00"})
    assert found.texts["start"] == "2027-03-24T10:00"
    assert found.theirs["start"] == "2027-03-24T15:00"
