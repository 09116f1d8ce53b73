"""A working calendar that makes no sense is refused with the field and what to do (A2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.contracts.errors import InvalidRequest
from services.rules.model.calendar_saving import changed_calendar
from services.rules.model.public_holidays import countries, listed


def week(*spans: tuple[str, str]) -> dict[str, Any]:
    return {"hours": [list(spans), *([[]] * 6)]}


def test_A2_a_calendar_is_taken_and_only_what_is_given_changes() -> None:
    made = changed_calendar(None, {"name": " Office ", "time_zone": "Europe/Berlin"})
    assert (made.name, len(made.hours), made.hours[0]) == ("Office", 7, (("09:00", "17:00"),))
    night = week(("00:00", "06:00"), ("22:00", "24:00"))
    days = ["2026-12-31", "2026-12-24", "2026-12-31"]
    after = changed_calendar(made, {**night, "country": "DE", "closed_days": days})
    assert (after.name, after.time_zone, after.country) == ("Office", "Europe/Berlin", "DE")
    assert after.closed_days == (date(2026, 12, 24), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("fields", "field", "what_to_do"),
    [
        ({"name": None}, "name", "string"),
        ({"name": " "}, "name", "one line"),
        ({"names": "x"}, "names", "there are name, time_zone"),
        ({"time_zone": "Bavaria"}, "time_zone", "such as Europe/Berlin"),
        ({"time_zone": "Europe"}, "time_zone", "such as Europe/Berlin"),
        ({"time_zone": "../passwd"}, "time_zone", "such as Europe/Berlin"),
        ({"hours": [[]] * 7}, "hours", "one weekday at least"),
        ({"hours": [[["09:00", "17:00"]]]}, "hours", "seven lists"),
        (week(("9:00", "17:00")), "hours.0", "Monday: write '9:00' as hours"),
        (week(("09:00", "24:01")), "hours.0", "Monday: write '24:01'"),
        (week(("09:00", "09:00")), "hours.0", "Monday: 09:00 is not before 09:00"),
        (week(("22:00", "06:00")), "hours.0", "for a night use two days"),
        (week(("09:00", "12:00"), ("11:00", "13:00")), "hours.0", "put the spans in order"),
        (week(("13:00", "17:00"), ("09:00", "12:00")), "hours.0", "put the spans in order"),
        ({"country": "XX"}, "country", "such as DE"),
        ({"country": "DE", "subdivision": "XX"}, "subdivision", "there are BB, BE"),
        ({"subdivision": "BY"}, "subdivision", "name the country"),
        ({"closed_days": ["someday"]}, "closed_days.0", "valid date"),
    ],
)
def test_A2_a_calendar_that_makes_no_sense_is_refused(
    fields: dict[str, Any], field: str, what_to_do: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        changed_calendar(None, {"name": "Office", **fields})
    assert raised.value.field == field
    assert what_to_do in raised.value.what_to_do


def test_A2_holidays_are_listed_for_a_country_and_its_parts() -> None:
    germany = next(one for one in countries() if one["code"] == "DE")
    assert germany["name"] == "Germany" and "BY" in germany["subdivisions"]
    days = [one["day"] for one in listed("DE", "BY", 2026)]
    assert days == sorted(days) and "2026-01-06" in days
    assert "2026-01-06" not in [one["day"] for one in listed("DE", "BE", 2026)]
    for country, part, year in (("XX", None, 2026), ("DE", "XX", 2026), ("DE", None, 1)):
        with pytest.raises(InvalidRequest):
            listed(country, part, year)
