"""How time is cut: whole months where sums can tell, and the hours between two calendars."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.model.months import first_day, month_of
from services.reporting.model.windows import (
    Place,
    Unit,
    cover,
    first_of,
    label,
    shortest,
    windows,
)

ZONES = st.sampled_from(
    ["UTC", "Europe/Brussels", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]
).map(ZoneInfo)
SECONDS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: int(moment.replace(tzinfo=UTC).timestamp())
)
SPANS = st.tuples(SECONDS, SECONDS).map(sorted)
UNITS = st.sampled_from(get_args(Unit))


@given(span=SPANS, unit=UNITS, zone=ZONES, moment=SECONDS)
def test_R2_a_moment_lies_in_the_one_window_that_clocks_show(
    span: list[int], unit: Unit, zone: ZoneInfo, moment: int
) -> None:
    begin, end = span
    places = [one.place for one in windows(unit, begin, end, zone) if one.begin <= moment < one.end]
    day = datetime.fromtimestamp(moment, zone).date()
    assert places == ([first_of(unit, day)] if begin <= moment < end else [])


@given(
    span=SPANS,
    unit=st.none() | st.sampled_from(("month", "quarter", "year")),
    zone=ZONES,
    moment=SECONDS,
)
def test_R2_months_of_utc_with_what_is_put_in_and_taken_out_are_those_of_the_asker(
    span: list[int], unit: Unit | None, zone: ZoneInfo, moment: int
) -> None:
    begin, end = span
    found = cover(unit, begin, end, zone)
    counted: Counter[Place] = Counter()
    month = month_of(datetime.fromtimestamp(moment, UTC))
    if month in found.months:
        counted[found.months[month]] += 1
    for sign, parts in ((1, found.put_in), (-1, found.taken_out)):
        for part in parts:
            counted[part.place] += sign * (part.begin <= moment < part.end)
    day = datetime.fromtimestamp(moment, zone).date()
    place = None if unit is None else first_of(unit, day)
    assert {key: count for key, count in counted.items() if count} == (
        {place: 1} if begin <= moment < end else {}
    )


def test_R2_two_years_for_which_no_month_is_cut_off_are_read_from_sums_alone() -> None:
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2027))
    found = cover("month", begin, end, UTC)
    assert len(found.months) == 24 and found.put_in == found.taken_out == []
    brussels = ZoneInfo("Europe/Brussels")
    begin, end = (int(datetime(year, 1, 1, tzinfo=brussels).timestamp()) for year in (2025, 2027))
    whole = cover(None, begin, end, brussels)
    # All that is left are the hours at both ends.
    assert [one.end - one.begin for one in whole.put_in + whole.taken_out] == [3600, 3600]


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("day", "2026-12-31"),
        ("week", "2026-W53"),
        ("month", "2026-12"),
        ("quarter", "2026-Q4"),
        ("year", "2026"),
    ],
)
def test_R2_stretches_of_time_go_by_their_usual_names(unit: Unit, words: str) -> None:
    assert label(unit, first_of(unit, date(2026, 12, 31))) == words


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), unit=UNITS)
def test_R2_the_first_day_of_a_stretch_is_in_it(day: date, unit: Unit) -> None:
    first = first_of(unit, day)
    assert first_of(unit, first) == first and label(unit, first) == label(unit, day)
    assert label(unit, first - timedelta(days=1)) != label(unit, day)


@given(day=st.dates())
def test_R2_a_month_has_one_number(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert first_day(month_of(moment)) == day.replace(day=1)


@pytest.mark.parametrize(
    ("units", "priced", "unit"),
    [
        ((), False, None),
        ((), True, "month"),
        (("year",), False, "year"),
        (("year",), True, "month"),
        (("week",), False, "week"),
        (("week",), True, "day"),
        (("week", "month"), False, "day"),
        (("quarter", "month"), False, "month"),
    ],
)
def test_R2_time_is_cut_no_finer_than_it_must_be(
    units: tuple[Unit, ...], priced: bool, unit: Unit | None
) -> None:
    assert shortest(units, priced=priced) == unit
