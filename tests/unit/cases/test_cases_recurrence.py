"""Which series are taken, when their meetings begin, and what becomes of a series that is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.recurrence import (
    DAYS,
    BadRecurrence,
    begins,
    begins_between,
    begun_at,
    ended_before,
    last_begin,
    put_off,
    starts_with,
    tidy_recurrence,
)

BRUSSELS = "Europe/Brussels"
MONDAY = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)  # 09:00 in Brussels, in summer time


def test_C1_a_rule_is_kept_in_one_way_of_writing_it() -> None:
    assert tidy_recurrence(" rrule:freq=weekly;byday=mo,th ") == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert tidy_recurrence("") == ""


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("every monday", "no part of a rule"),
        ("BYDAY=MO", "begin with FREQ"),
        ("FREQ=SECONDLY", "begin with FREQ"),
        ("FREQ=WEEKLY;FREQ=DAILY", "no part of a rule"),
        ("FREQ=DAILY;BYMONTHDAY=31", "not taken together"),
        ("FREQ=WEEKLY;BYDAY=1MO", "nothing that BYDAY may be"),
        ("FREQ=MONTHLY;BYDAY=9MO", "nothing that BYDAY may be"),
        ("FREQ=DAILY;INTERVAL=0", "nothing that INTERVAL may be"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both"),
        ("FREQ=DAILY;COUNT=9999", "COUNT is at most"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS counts the days"),
        ("FREQ=DAILY;X-MINE=1", "not taken together"),
    ],
)
def test_C1_a_rule_that_cannot_be_taken_says_what_to_do(rule: str, told: str) -> None:
    with pytest.raises(BadRecurrence, match=told):
        tidy_recurrence(rule)


def test_C1_a_series_keeps_its_clock_time_when_summer_time_ends() -> None:
    found = list(islice(begins("FREQ=WEEKLY;BYDAY=MO", MONDAY, BRUSSELS), 5))
    clock = [one.astimezone(ZoneInfo(BRUSSELS)).strftime("%m-%d %H:%M") for one in found]
    assert clock == ["10-05 09:00", "10-12 09:00", "10-19 09:00", "10-26 09:00", "11-02 09:00"]
    assert [one.hour for one in found] == [7, 7, 7, 8, 8]


def test_C1_a_clock_time_that_summer_time_leaves_out_or_doubles() -> None:
    before_spring = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # 02:30 in Brussels
    left_out = list(islice(begins("FREQ=DAILY", before_spring, BRUSSELS), 3))
    assert [one.strftime("%d %H:%M") for one in left_out] == ["28 01:30", "29 01:30", "30 00:30"]
    before_autumn = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)  # 02:30 in Brussels
    doubled = list(islice(begins("FREQ=DAILY", before_autumn, BRUSSELS), 3))
    assert [one.strftime("%d %H:%M") for one in doubled] == ["24 00:30", "25 00:30", "26 01:30"]


def test_C1_until_is_read_on_the_clock_of_the_series() -> None:
    rule = "FREQ=DAILY;UNTIL=20261007T070000Z"
    assert [one.day for one in begins(rule, MONDAY, BRUSSELS)] == [5, 6, 7]
    assert [one.day for one in begins("FREQ=DAILY;UNTIL=20261007", MONDAY, BRUSSELS)] == [5, 6, 7]
    assert last_begin(rule, MONDAY, BRUSSELS) == MONDAY + timedelta(days=2)
    assert last_begin("FREQ=DAILY", MONDAY, BRUSSELS) is None


def test_C1_the_first_meeting_must_be_one_of_the_rule() -> None:
    assert starts_with("FREQ=WEEKLY;BYDAY=MO", MONDAY, BRUSSELS)
    assert not starts_with("FREQ=WEEKLY;BYDAY=TU", MONDAY, BRUSSELS)
    assert not starts_with("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", MONDAY, BRUSSELS)


@pytest.mark.parametrize("count", ["", ";COUNT=10", ";UNTIL=20261207T080000Z"])
def test_C1_a_series_cut_in_two_has_the_meetings_it_had(count: str) -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO" + count
    whole = list(islice(begins(rule, MONDAY, BRUSSELS), 10))
    cut = whole[4]
    first = list(begins(ended_before(rule, MONDAY, BRUSSELS, cut), MONDAY, BRUSSELS))
    second = list(islice(begins(begun_at(rule, MONDAY, BRUSSELS, cut), cut, BRUSSELS), 6))
    assert first == whole[:4]
    assert second == whole[4:]


def test_C3_a_weekly_series_moves_to_another_day() -> None:
    clock = timedelta(days=2, hours=1)
    assert put_off("FREQ=WEEKLY;BYDAY=MO,SU", clock, 2) == "FREQ=WEEKLY;BYDAY=TU,WE"
    moved = put_off("FREQ=WEEKLY;UNTIL=20261207T080000Z", clock, 2)
    assert moved == "FREQ=WEEKLY;UNTIL=20261209T110000Z"
    for rule in ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYMONTHDAY=5"):
        assert put_off(rule, timedelta(hours=1), 0) == rule
        with pytest.raises(BadRecurrence, match="change its rule instead"):
            put_off(rule, clock, 2)


RULES = st.builds(
    lambda frequency, interval, days: (
        f"FREQ={frequency};INTERVAL={interval}"
        + (f";BYDAY={','.join(sorted(days, key=DAYS.index))}" if days else "")
    ),
    st.sampled_from(["DAILY", "WEEKLY"]),
    st.integers(1, 5),
    st.sets(st.sampled_from(DAYS)),
)
ZONES = st.sampled_from(
    [BRUSSELS, "UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]
)


@given(RULES, ZONES, st.integers(0, 700), st.integers(0, 60))
def test_C1_what_lies_in_a_window_is_what_lies_in_it_of_the_whole_series(
    rule: str, zone: str, begin_days: int, days: int
) -> None:
    begin = MONDAY + timedelta(days=begin_days, hours=5)
    end = begin + timedelta(days=days)
    whole = begins(tidy_recurrence(rule), MONDAY, zone)
    expected = []
    for one in whole:
        if one >= end:
            break
        if one >= begin:
            expected.append(one)
    assert begins_between(rule, MONDAY, zone, begin, end) == expected
