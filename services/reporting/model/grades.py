"""Which grade a supplier gets for his figures, and why no better one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.contracts.grades import LIMITS, Grade, Limit


@dataclass(frozen=True)
class Figures:
    """A supplier's quality problems: how many, what they cost, hours to the first answer.

    `cost` is None where money has no rate, `hours` where no case has had an answer.
    """

    count: int = 0
    cost: Decimal | None = Decimal(0)
    hours: float | None = None
    without_rate: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The grade, and what keeps from the next better one, None where there is none."""

    grade: Grade
    better: Grade | None = None
    broken: tuple[Limit, ...] = ()


def judge(grades: Sequence[Grade], figures: Figures) -> Verdict | None:
    """The first grade all of whose limits are kept; the last one is got in any case.

    None where some grade limits the cost and the cost is not known.
    """
    if figures.cost is None and any(grade.most_cost is not None for grade in grades):
        return None
    better: Grade | None = None
    for grade in grades[:-1]:
        broken = broken_limits(grade, figures)
        if not broken:
            break
        better = grade
    else:
        grade = grades[-1]
    return Verdict(grade, better, broken_limits(better, figures) if better else ())


def broken_limits(grade: Grade, figures: Figures) -> tuple[Limit, ...]:
    """Those limits of the grade that the figures are above."""
    found = _by_limit(figures)
    broken = []
    for limit in LIMITS:
        most, value = getattr(grade, limit), found[limit]
        if most is not None and value is not None and value > most:
            broken.append(limit)
    return tuple(broken)


def reason(verdict: Verdict, figures: Figures, currency: str, better: str) -> str:
    """Why a supplier has this grade, in a sentence; `better` is what the better one is called."""
    told = {
        "most_cases": _cases(figures.count),
        "most_cost": f"a cost of {_amount(figures.cost)} {currency}",
        "most_hours_to_respond": f"{_hours(figures.hours)} to the first answer on average",
    }
    if verdict.better is None:
        return f"{told['most_cases']}: all limits of the best grade are kept"
    limits = {
        "most_cases": f"{verdict.better.most_cases}",
        "most_cost": f"{_amount(verdict.better.most_cost)} {currency}",
        "most_hours_to_respond": _hours(verdict.better.most_hours_to_respond),
    }
    parts = [f"{told[one]}, where {better} allows {limits[one]}" for one in verdict.broken]
    return "; ".join(parts)


def _by_limit(figures: Figures) -> dict[Limit, int | Decimal | float | None]:
    return {
        "most_cases": figures.count,
        "most_cost": figures.cost,
        "most_hours_to_respond": figures.hours,
    }


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _amount(amount: Decimal | None) -> str:
    return f"{amount or Decimal(0):.2f}"


def _hours(hours: float | None) -> str:
    return f"{round(hours or 0.0, 2):g} h"
