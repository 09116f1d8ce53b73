"""Counting on a working calendar, against a clock that is read minute by minute (A2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.contracts.rules import WorkingCalendar
from services.rules.model.working_time import WorkingTime

MINUTE = timedelta(minutes=1)
DAY = (("09:00", "17:00"),)
WEEK = (*(DAY,) * 5, (), ())
# Moments near which a clock is turned: by an hour, by half of one, at midnight, by a whole day.
TURNS = {
    "UTC": datetime(2026, 12, 31, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 1, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),
    "America/Havana": datetime(2026, 11, 1, 5, tzinfo=UTC),
    "Africa/Cairo": datetime(2026, 10, 29, 21, tzinfo=UTC),
    "Asia/Beirut": datetime(2026, 3, 28, 22, tzinfo=UTC),
    "America/St_Johns": datetime(2010, 11, 7, 2, 31, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 10, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 6, 1, tzinfo=UTC),
}
HOURS = (
    (),
    DAY,
    (("08:30", "12:00"), ("13:00", "17:15")),
    (("00:00", "02:30"), ("02:40", "04:00")),
    (("02:30", "03:15"), ("23:00", "24:00")),
    (("00:00", "24:00"),),
)


def office(**values: Any) -> WorkingTime:
    made = {"id": 1, "name": "Office", "time_zone": "Europe/Berlin", "hours": WEEK, **values}
    return WorkingTime(WorkingCalendar.model_validate(made))


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type, misc]


FRIDAY, MONDAY = (2026, 3, 27), (2026, 3, 30)  # the clock is put on on the Sunday between


@pytest.mark.parametrize(
    ("start", "delay", "unit", "expected"),
    [
        ((*FRIDAY, 16, 30), 1, "hours", (*MONDAY, 9, 30)),
        ((*FRIDAY, 9, 0), 8, "hours", (*FRIDAY, 17, 0)),
        ((*FRIDAY, 17, 0), 1, "minutes", (*MONDAY, 9, 1)),
        ((*MONDAY, 9, 30), -1, "hours", (*FRIDAY, 16, 30)),
        ((*MONDAY, 9, 0), -8, "hours", (*FRIDAY, 9, 0)),
        ((*FRIDAY, 20, 0), 0, "hours", (*MONDAY, 9, 0)),
        ((*FRIDAY, 12, 0), 0, "days", (*FRIDAY, 12, 0)),
        ((*FRIDAY, 12, 0), 1, "days", (*MONDAY, 12, 0)),
        ((2026, 3, 28, 12, 0), 1, "days", (*MONDAY, 12, 0)),
        ((*FRIDAY, 20, 0), 1, "days", (*MONDAY, 17, 0)),
        ((*FRIDAY, 7, 0), 1, "days", (*MONDAY, 9, 0)),
        ((*MONDAY, 12, 0), -1, "days", (*FRIDAY, 12, 0)),
        ((*MONDAY, 12, 0), 5, "days", (2026, 4, 6, 12, 0)),
        ((2026, 1, 31, 12, 0), 1, "months", (2026, 2, 28, 12, 0)),
    ],
)
def test_A2_an_office_week(start: Any, delay: int, unit: Any, expected: Any) -> None:
    assert office().add(berlin(*start), delay, unit) == berlin(*expected)


def test_A2_a_break_is_left_at_its_end_and_backwards_at_its_begin() -> None:
    hours = ((("09:00", "12:00"), ("13:00", "17:00")),) * 7
    noon = berlin(2026, 3, 3, 12, 30)
    assert office(hours=hours).add(noon, 1, "days") == berlin(2026, 3, 4, 13, 0)
    assert office(hours=hours).add(noon, -1, "days") == berlin(2026, 3, 2, 12, 0)


def test_A2_holidays_and_closed_days_do_not_count() -> None:
    there = office(country="DE", subdivision="BY", closed_days=["2026-01-02"])
    # 1 January is New Year, 2 January closed, 3 and 4 a weekend, 6 January Epiphany.
    assert there.add(berlin(2025, 12, 31, 16), 2, "hours") == berlin(2026, 1, 5, 10)
    assert there.add(berlin(2025, 12, 31, 16), 2, "days") == berlin(2026, 1, 7, 16)
    assert there.add(berlin(2026, 1, 7, 10), -2, "hours") == berlin(2026, 1, 5, 16)
    elsewhere = office(country="DE", subdivision="BE")
    assert elsewhere.add(berlin(2026, 1, 5, 16), 2, "hours") == berlin(2026, 1, 6, 10)


def test_A2_a_night_in_which_the_clock_is_turned_is_shorter_or_longer() -> None:
    nights = office(hours=((("00:00", "06:00"),),) * 7)
    assert nights.add(berlin(2026, 3, 29, 0), 5, "hours") == berlin(2026, 3, 29, 6)
    assert nights.add(berlin(2026, 10, 25, 0), 7, "hours") == berlin(2026, 10, 25, 6)


def test_A2_ten_thousand_hours_and_days_are_found_and_centuries_are_not() -> None:
    start = berlin(2026, 3, 2, 9)
    reached = office().add(start, 10_000, "hours")
    assert reached is not None and reached.year == 2030
    assert office().add(start, 10_000, "days") == berlin(2064, 6, 30, 9)
    rarely = office(hours=((("09:00", "10:00"),), *((),) * 6))
    assert rarely.add(start, 10_000, "hours") is None
    assert rarely.add(start, -10_000, "days") is None


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "months"])
def test_A2_the_ends_of_all_time_are_no_moments(unit: Any) -> None:
    assert office().add(datetime(9999, 12, 31, 23, tzinfo=UTC), 10_000, unit) is None
    assert office().add(datetime(1, 1, 1, 3, tzinfo=UTC), -10_000, unit) is None


@st.composite
def counted(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar with a good deal of working hours, and a moment near a turn of its clock."""
    zone = draw(st.sampled_from(sorted(TURNS)))
    hours = draw(st.lists(st.sampled_from(HOURS), min_size=7, max_size=7))
    assume(sum(1 for spans in hours if spans) >= 3)
    turn = TURNS[zone]
    closed = draw(st.sets(st.integers(-4, 4), max_size=3))
    days = tuple((turn + timedelta(days=day)).date() for day in closed)
    calendar = WorkingCalendar(
        id=1, name="Any", time_zone=zone, hours=tuple(hours), closed_days=days
    )
    return calendar, turn + draw(st.integers(-4000, 4000)) * MINUTE


class Clock:
    """The calendar read literally: somebody works while the clock on the wall says so."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(calendar.time_zone)

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        if wall.date() in self.calendar.closed_days:
            return False
        now = f"{wall:%H:%M}"
        return any(a <= now < b for a, b in self.calendar.hours[wall.weekday()])

    def is_within(self, moment: datetime) -> bool:
        """Within hours, or where they end."""
        return self.is_open(moment) or self.is_open(moment - MINUTE)

    def add(self, moment: datetime, minutes: int) -> datetime:
        while minutes > 0:
            minutes -= self.is_open(moment)
            moment += MINUTE
        while minutes < 0:
            moment -= MINUTE
            minutes += self.is_open(moment)
        return moment

    def works_on(self, day: date) -> bool:
        start = datetime.combine(day, time(), UTC) - timedelta(hours=26)
        minutes = (start + number * MINUTE for number in range(0, 76 * 60, 5))
        return any(self.is_open(m) for m in minutes if m.astimezone(self.zone).date() == day)


@settings(deadline=None, max_examples=150)
@given(made=counted(), minutes=st.integers(-2000, 2000).filter(bool))
def test_A2_working_minutes_are_those_that_pass_while_the_clock_shows_working_hours(
    made: tuple[WorkingCalendar, datetime], minutes: int
) -> None:
    calendar, moment = made
    clock, working = Clock(calendar), WorkingTime(calendar)
    reached = working.add(moment, minutes, "minutes")
    assert reached == clock.add(moment, minutes)
    assert clock.is_within(reached)
    back = working.add(reached, -minutes, "minutes")
    assert back is not None
    # Between the two nobody works: they are the same moment of working time.
    if clock.is_open(moment) and minutes > 0:
        assert back == moment
    assert not any(clock.is_open(min(back, moment) + n * MINUTE) for n in between(back, moment))


def between(one: datetime, other: datetime) -> range:
    return range(int(abs(one - other) / MINUTE))


@settings(deadline=None, max_examples=100)
@given(made=counted())
def test_A2_no_delay_is_the_moment_itself_or_the_next_opening(
    made: tuple[WorkingCalendar, datetime],
) -> None:
    calendar, moment = made
    clock, reached = Clock(calendar), WorkingTime(calendar).add(moment, 0, "minutes")
    expected = moment
    while not clock.is_within(expected):
        expected += MINUTE
    assert reached == expected


@settings(deadline=None, max_examples=100)
@given(made=counted(), days=st.integers(-8, 8).filter(bool))
def test_A2_working_days_are_those_on_which_somebody_works(
    made: tuple[WorkingCalendar, datetime], days: int
) -> None:
    calendar, moment = made
    clock, working = Clock(calendar), WorkingTime(calendar)
    reached = working.add(moment, days, "days")
    wall = moment.astimezone(clock.zone)
    day, left = wall.date(), abs(days)
    while left:
        day += timedelta(days=1 if days > 0 else -1)
        left -= clock.works_on(day)
    assert reached is not None and clock.is_within(reached)
    same = datetime.combine(day, wall.time(), clock.zone).astimezone(UTC)
    if clock.is_open(same) and same.astimezone(clock.zone).date() == day:
        assert reached == same
    landed = reached if clock.is_open(reached) else reached - MINUTE
    assert landed.astimezone(clock.zone).date() == day


def test_A2_adding_is_quick_for_many_cases() -> None:
    """A year is laid out once, not once a case."""
    working = office(country="DE")
    start = berlin(2026, 3, 2, 9)
    reached = [working.add(start + n * MINUTE, 100, "hours") for n in range(10_000)]
    assert len(working._years) == 1 and None not in reached
