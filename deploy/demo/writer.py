"""Chance with a seed: picks, dates and the words of the cases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from deploy.demo.cast import Company, companies, read

Thing = TypeVar("Thing")


class Writer:
    """Writes the same stories for the same seed; only dates lie around `today`."""

    def __init__(self, seed: int, today: datetime) -> None:
        self._random = random.Random(seed)
        self._today = today
        self._used: set[str] = set()
        self.phrases: dict[str, list[str]] = read("texts/phrases.yaml")

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of these."""
        return self._random.choice(things)

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self._random.random() < share

    def number(self, least: int, most: int, step: int = 1) -> int:
        """A number from `least` to `most`, in steps."""
        return self._random.randrange(least, most + 1, step)

    def customer(self) -> Company:
        """A customer; those with a contract write more often."""
        customers = [one for one in companies() if one.group != "suppliers"]
        weights = [{"gold": 3.0, "normal": 2.0, "none": 1.0}[one.group] for one in customers]
        return self._random.choices(customers, weights)[0]

    def words(self, company: Company | None = None) -> dict[str, str]:
        """What the {…} of one story's texts are filled with: the same throughout the story."""
        fillers: dict[str, Any] = dict(read("texts/fillers.yaml"))
        numbers = fillers.pop("numbers")
        words = {name: self.pick(choices) for name, choices in fillers.items()}
        for name, number in numbers.items():
            words[name] = number["pattern"].format(self.number(number["from"], number["to"]))
        return {**words, "partner": company.name if company else ""}

    def unused(self, subject: str) -> bool:
        """Whether no other story has this subject; from now on one has."""
        fresh = subject not in self._used
        self._used.add(subject)
        return fresh

    def working_time(self, first_day: int, last_day: int) -> datetime:
        """A quarter of an hour in working time, so many days from today; no weekend."""
        day = self._today + timedelta(days=self.number(first_day, last_day))
        while day.weekday() >= 5:
            day += timedelta(days=1)
        hour, minute = self.number(7, 15), self.number(0, 45, 15)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)

    @property
    def today(self) -> datetime:
        """This moment."""
        return self._today
