"""Public holidays of countries and their parts, from the `holidays` package."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
from holidays.registry import COUNTRIES

from services.contracts.errors import InvalidRequest

FIRST_YEAR, LAST_YEAR = 1970, 2100


@lru_cache(maxsize=2000)
def holidays_of(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """The public holidays of a year with their names, by day; do not change the answer.

    A day that is given instead of one in the next year or the last counts where it lies.
    """
    years = (year - 1, year, year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=years)
    return {day: found[day] for day in sorted(found) if day.year == year}


def listed(country: str, subdivision: str | None, year: int) -> list[dict[str, str]]:
    """`[{"day", "name"}]` of a year. Raises InvalidRequest."""
    check_place(country, subdivision)
    if type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidRequest("year", f"must be from {FIRST_YEAR} to {LAST_YEAR}")
    found = holidays_of(country, subdivision, year)
    return [{"day": day.isoformat(), "name": name} for day, name in found.items()]


def check_place(country: str, subdivision: str | None) -> None:
    """Raises InvalidRequest for a country or subdivision whose holidays are not known."""
    known = _subdivisions()
    if country not in known:
        raise InvalidRequest("country", f"{country!r} is not known; write two letters such as DE")
    parts = known[country]
    if subdivision is not None and subdivision not in parts:
        there = f"there are {', '.join(parts)}" if parts else "leave it out"
        raise InvalidRequest("subdivision", f"{subdivision!r} is not known; {there}")


def countries() -> list[dict[str, Any]]:
    """`[{"code", "name", "subdivisions"}]` by name."""
    parts = _subdivisions()
    names = {codes[1]: _words(codes[0]) for codes in COUNTRIES.values()}
    listed = [
        {"code": code, "name": names.get(code, code), "subdivisions": list(parts[code])}
        for code in parts
    ]
    return sorted(listed, key=lambda one: (str(one["name"]), str(one["code"])))


@lru_cache(maxsize=1)
def _subdivisions() -> dict[str, list[str]]:
    """The countries known by their code ("DE"), each with the codes of its parts ("BY")."""
    return holidays.list_supported_countries(include_aliases=False)


def _words(name: str) -> str:
    """ "UnitedStates" as people write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
