"""The groups of a report: what they are cut by, what they add up to, and their totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from services.reporting.model.exchange import DIGITS, Exchange
from services.reporting.model.figures import Figures
from services.reporting.model.measures import PART, added
from services.reporting.model.steps import add_counts
from services.reporting.model.windows import Place

# The values of the cuts in their order, and the currency.
GroupKey = tuple[tuple[Any, ...], str]
# One for each of the amounts asked for, in units; the weighted revenue in hundredths of them.
Money = tuple[Decimal | int, ...]


@dataclass(slots=True)
class Group:
    """The measures of some cases, their exact money, and their delays by step."""

    sums: Sequence[int]
    money: Money
    steps: dict[int, int] = field(default_factory=dict)


Groups = dict[GroupKey, Group]


def grouped(
    found: Mapping[tuple[Place, tuple[Any, ...], str], Sequence[int]],
    place_values: Callable[[Place, tuple[Any, ...]], tuple[Any, ...]],
    figures: Figures,
    exchange: Exchange | None,
) -> tuple[Groups, set[str]]:
    """The groups by the values that `place_values` makes of time and cuts.

    Money is turned into another currency first, where there is a rate for it; the currencies
    that have none are answered, too.
    """
    groups: Groups = {}
    several: dict[GroupKey, list[Group]] = {}
    without_rate: set[str] = set()
    halves = [figures.places_of_amount(name) for name in figures.amounts]
    for (place, texts, currency), sums in found.items():
        money: Money = tuple([sums[high] * PART + sums[low] for high, low in halves])
        into = currency
        if exchange is not None and currency != exchange.into:
            rate = exchange.rate(currency, place) if place is not None else None
            if rate is None and any(money):
                without_rate.add(currency)
            else:  # nothing is nothing in every currency
                into, money = exchange.into, _times(money, rate)
        key, group = (place_values(place, texts), into), Group(sums, money)
        first = groups.setdefault(key, group)
        if first is not group:
            several.setdefault(key, [first]).append(group)
    groups |= {key: _together(parts) for key, parts in several.items()}
    return groups, without_rate


def totals_by(groups: Groups, places: Sequence[int]) -> Groups:
    """The groups of those that have the same values at these places."""
    parts: dict[GroupKey, list[Group]] = defaultdict(list)
    for (texts, currency), group in groups.items():
        parts[tuple([texts[place] for place in places]), currency].append(group)
    return {key: _together(found) for key, found in parts.items()}


def give_steps(groups: Groups, steps: Iterable[tuple[GroupKey, Mapping[int, int]]]) -> None:
    """Put numbers of cases, by the step of their delay, into their groups."""
    for key, counts in steps:
        if key in groups:
            add_counts(groups[key].steps, counts)


def _together(parts: Sequence[Group]) -> Group:
    if len(parts) == 1:
        return parts[0]
    with localcontext(prec=DIGITS):
        money = tuple([sum(amounts) for amounts in zip(*(one.money for one in parts), strict=True)])
    steps: dict[int, int] = {}
    for one in parts:
        add_counts(steps, one.steps)
    return Group(added([one.sums for one in parts]), money, steps)


def _times(money: Money, rate: Decimal | None) -> Money:
    with localcontext(prec=DIGITS):
        return money if rate is None else tuple([units * rate for units in money])
