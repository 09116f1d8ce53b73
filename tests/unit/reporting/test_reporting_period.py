"""Days and months by the asker's clocks, whatever his clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.errors import InvalidRequest
from services.reporting.model.period import Period, period_of, zone_named
from services.reporting.model.windows import Window, label, windows

ZONES = sorted(available_timezones() - {"localtime"})
MOMENTS = st.datetimes(
    min_value=datetime(2016, 1, 1), max_value=datetime(2036, 1, 1), timezones=st.just(UTC)
)


def month_label(month: Window) -> str:
    assert month.place is not None
    return label("month", month.place)


@given(st.sampled_from(ZONES), MOMENTS, MOMENTS, st.data())
def test_R1_a_moment_lies_in_the_month_that_clocks_show(
    name: str, one: datetime, other: datetime, data: st.DataObject
) -> None:
    zone = zone_named(name)
    first, last = sorted((one, other))
    moment = data.draw(st.datetimes(first.replace(tzinfo=None), last.replace(tzinfo=None)))
    moment = moment.replace(tzinfo=UTC)
    months = windows("month", int(first.timestamp()), int(last.timestamp()) + 1, zone)
    found = next(month for month in months if moment.timestamp() < month.end)
    assert month_label(found) == moment.astimezone(zone).strftime("%Y-%m")


@given(st.sampled_from(ZONES), MOMENTS)
def test_R2_a_day_holds_the_moments_that_clocks_show_on_it(name: str, moment: datetime) -> None:
    zone = zone_named(name)
    day = moment.astimezone(zone).date()
    period = period_of(day, day, zone)
    assert period.begin is not None and period.end is not None
    assert period.begin <= moment < period.end
    assert timedelta(hours=22) < period.end - period.begin < timedelta(hours=26)


def test_R1_the_month_begins_where_clocks_leap_over_midnight() -> None:
    zone = ZoneInfo("America/Asuncion")  # on 1 October 2023 at 0:00 they were put to 1:00
    leap = datetime(2023, 10, 1, 4, tzinfo=UTC)
    september, october = windows(
        "month", int((leap - timedelta(days=9)).timestamp()), int(leap.timestamp()) + 1, zone
    )
    assert september.end == october.begin == leap.timestamp()


def test_R1_one_moment_has_one_month() -> None:
    moment = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
    at = int(moment.timestamp())
    for zone, label_there in (("UTC", "2026-07"), ("Europe/Brussels", "2026-08")):
        found = windows("month", at, at + 1, ZoneInfo(zone))
        assert [month_label(month) for month in found] == [label_there]


def test_R2_an_open_end_is_open() -> None:
    assert period_of(None, None, ZoneInfo("UTC")) == Period(None, None)
    assert period_of(date(2026, 1, 1), None, ZoneInfo("UTC")) == Period(
        datetime(2026, 1, 1, tzinfo=UTC), None
    )


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "Europe", "a\0b", "x" * 999]
)
def test_R2_what_is_no_time_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidRequest, match="Europe/Brussels") as raised:
        zone_named(name)
    assert raised.value.field == "time_zone"


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "date_to"),
        (date.min, None, "date_from"),
        (None, date.max, "date_to"),
    ],
)
def test_R2_dates_that_cannot_be_are_refused(
    first: date | None, last: date | None, field: str
) -> None:
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Niue"):
        with pytest.raises(InvalidRequest) as raised:
            period_of(first, last, ZoneInfo(zone))
        assert raised.value.field == field
