"""R3: when the turn of a report that is mailed comes, by its owner's clock."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.web.report_mails.schedule import Rhythm, Schedule, next_moment

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/St_Johns", "Pacific/Kiritimati", "Africa/Cairo"),
)
LONGEST = {"daily": 1, "weekly": 7, "monthly": 31}
schedules = some.builds(
    Schedule,
    some.sampled_from(["daily", "weekly", "monthly"]),
    some.integers(0, 23),
    some.integers(0, 6),
    some.integers(1, 31),
)
moments = some.datetimes(datetime(2015, 1, 1), datetime(2037, 1, 1), timezones=some.just(UTC))


def local(schedule: Schedule, after: str, zone: ZoneInfo = BERLIN) -> str:
    """The next moment by the clock there, after this one of the same clock."""
    begin = datetime.fromisoformat(after).replace(tzinfo=zone)
    found = next_moment(schedule, zone, begin.astimezone(UTC))
    return found.astimezone(zone).isoformat()


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (Schedule("daily", 8), "2026-11-26 07:59", "2026-11-26T08:00:00+01:00"),
        (Schedule("daily", 8), "2026-11-26 08:00", "2026-11-27T08:00:00+01:00"),
        (Schedule("weekly", 8, weekday=0), "2026-11-26 07:00", "2026-11-30T08:00:00+01:00"),
        (Schedule("weekly", 8, weekday=3), "2026-11-26 09:00", "2026-12-03T08:00:00+01:00"),
        (Schedule("monthly", 0, month_day=31), "2027-02-01 00:00", "2027-02-28T00:00:00+01:00"),
        (Schedule("monthly", 0, month_day=31), "2028-02-01 00:00", "2028-02-29T00:00:00+01:00"),
        (Schedule("monthly", 6, month_day=30), "2026-11-30 06:00", "2026-12-30T06:00:00+01:00"),
        # The clock goes from 2 to 3: what had been 2 is 3, and the day after it is 2 again.
        (Schedule("daily", 2), "2027-03-27 12:00", "2027-03-28T03:00:00+02:00"),
        (Schedule("daily", 2), "2027-03-28 12:00", "2027-03-29T02:00:00+02:00"),
        (Schedule("daily", 8), "2027-03-27 12:00", "2027-03-28T08:00:00+02:00"),
        # The clock goes from 3 to 2: of two the first, and once.
        (Schedule("daily", 2), "2027-10-30 12:00", "2027-10-31T02:00:00+02:00"),
        (Schedule("daily", 2), "2027-10-31 02:00", "2027-11-01T02:00:00+01:00"),
    ],
)
def test_R3_the_next_turn_is_by_the_clock_of_the_owner(
    schedule: Schedule, after: str, expected: str
) -> None:
    assert local(schedule, after) == expected


@given(schedules, some.sampled_from(ZONES), moments)
def test_R3_a_turn_is_later_on_its_day_at_its_hour(
    schedule: Schedule, name: str, after: datetime
) -> None:
    zone = ZoneInfo(name)
    found = next_moment(schedule, zone, after)
    assert after < found <= after + timedelta(days=LONGEST[schedule.rhythm], hours=2)
    there = found.astimezone(zone)
    assert schedule.is_on(there.date())
    asked = there.replace(hour=schedule.hour, minute=0, fold=0)
    # In the hour asked for, or where a leap of the clock had left it out.
    left_out = asked.astimezone(UTC).astimezone(zone).hour != schedule.hour
    assert (there.hour, there.minute) == (schedule.hour, 0) or left_out


@given(schedules, some.sampled_from(ZONES), moments)
def test_R3_turns_come_one_after_the_other_and_none_twice(
    schedule: Schedule, name: str, after: datetime
) -> None:
    zone, days = ZoneInfo(name), []
    for _ in range(5):
        after = next_moment(schedule, zone, after)
        days.append(after.astimezone(zone).date())
    assert len(set(days)) == 5
    assert days == sorted(days)
    between = [one for one in spread(days[0], days[-1]) if schedule.is_on(one)]
    assert between == days


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "monthly"])
def test_R3_a_year_has_as_many_turns_as_its_rhythm_says(rhythm: Rhythm) -> None:
    schedule = Schedule(rhythm, 8, weekday=4, month_day=31)
    days = [one for one in spread(date(2027, 1, 1), date(2027, 12, 31)) if schedule.is_on(one)]
    assert len(days) == {"daily": 365, "weekly": 53, "monthly": 12}[rhythm]
    if rhythm == "monthly":
        assert [one.day for one in days] == [monthrange(2027, m)[1] for m in range(1, 13)]


def spread(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
