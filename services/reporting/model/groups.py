"""The groups of a report: what they are cut by, what they add up to, and their totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from services.reporting.model.exchange import DIGITS, Exchange
from services.reporting.model.measures import MEASURES, units_of
from services.reporting.model.windows import Place

AMOUNTS = ("revenue", "cost", "weighted")  # in units; the weighted in hundredths of them

# The values of the cuts in their order, and the currency.
GroupKey = tuple[tuple[Any, ...], str]


@dataclass
class Group:
    """The measures of some cases, their exact money, and their delays by step."""

    sums: list[int] = field(default_factory=lambda: [0] * len(MEASURES))
    money: list[Decimal | int] = field(default_factory=lambda: [0, 0, 0])
    steps: Counter[int] = field(default_factory=Counter)

    def add(self, other: Group) -> None:
        """Take the cases of another group in."""
        self.sums = [one + more for one, more in zip(self.sums, other.sums, strict=True)]
        with localcontext(prec=DIGITS):
            self.money = [one + more for one, more in zip(self.money, other.money, strict=True)]
        self.steps.update(other.steps)


Groups = dict[GroupKey, Group]


def grouped(
    found: Mapping[tuple[Place, tuple[Any, ...], str], Sequence[int]],
    place_values: Callable[[Place, tuple[Any, ...]], tuple[Any, ...]],
    exchange: Exchange | None,
) -> tuple[Groups, set[str]]:
    """The groups by the values that `place_values` makes of time and cuts.

    Money is turned into another currency first, where there is a rate for it; the currencies
    that have none are answered, too.
    """
    groups: Groups = {}
    without_rate: set[str] = set()
    for (place, texts, currency), sums in found.items():
        money: list[Decimal | int] = [units_of(sums, name) for name in AMOUNTS]
        into = currency
        if exchange is not None and currency != exchange.into:
            rate = exchange.rate(currency, place) if place is not None else None
            if rate is None and any(money):
                without_rate.add(currency)
            else:  # nothing is nothing in every currency
                into = exchange.into
                money = [_times(units, rate) for units in money]
        key = (place_values(place, texts), into)
        groups.setdefault(key, Group()).add(Group(list(sums), money))
    return groups, without_rate


def totals_by(groups: Groups, places: Sequence[int]) -> Groups:
    """The groups of those that have the same values at these places."""
    found: Groups = {}
    for (texts, currency), group in groups.items():
        key = (tuple(texts[place] for place in places), currency)
        found.setdefault(key, Group()).add(group)
    return found


def give_steps(groups: Groups, steps: Iterable[tuple[GroupKey, int, int]]) -> None:
    """Put numbers of cases, by the step of their delay, into their groups."""
    for key, step, count in steps:
        if key in groups:
            groups[key].steps[step] += count


def _times(units: Decimal | int, rate: Decimal | None) -> Decimal | int:
    with localcontext(prec=DIGITS):
        return units if rate is None else units * rate
