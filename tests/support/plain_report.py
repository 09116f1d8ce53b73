"""A report worked out the plain way: from the cases' own history, one case after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from math import ceil
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.cases import CLOSED, CaseEvent, CaseSnapshot
from services.contracts.reports import ReportRow

Names = Mapping[tuple[str, int], str]
# What things are called in the end in the tests of reporting, where that is not what cases say.
NAMES: Names = {
    ("user", 1): "Ann 2",
    ("section", 2): "Support",
    ("section", 3): "Engineers",
    ("partner", 2): "Agrolait",
    ("partner_category", 5): "Support Contract / Gold",
}
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What an event tells of a case's way: when, from which state to which, and what was said."""

    at: datetime
    before: str | None
    state: str
    said: str | None = None  # the direction of the entry in the discussion


@dataclass(frozen=True, slots=True)
class History:
    """All steps of one case, in order, each once, and the case as it is in the end."""

    case: CaseSnapshot
    steps: tuple[Step, ...]

    @property
    def closings(self) -> int:
        return sum(one.state in CLOSED and one.before not in CLOSED for one in self.steps)

    @property
    def reopenings(self) -> int:
        return sum(one.state not in CLOSED and one.before in CLOSED for one in self.steps)

    def messages(self, direction: str) -> int:
        return sum(one.said == direction for one in self.steps)

    def hours_in(self, state: str) -> float:
        """From each event that left it in this state to the next."""
        waits = [
            (after.at - one.at) / HOUR
            for one, after in zip(self.steps, self.steps[1:], strict=False)
            if one.state == state
        ]
        return sum(waits)


def histories_of(events: Iterable[CaseEvent]) -> list[History]:
    """Of each case, whatever the order of its events and however often they come.

    Of many events it keeps a few words each, and of each case one snapshot.
    """
    steps: dict[int, dict[int, Step]] = defaultdict(dict)
    latest: dict[int, CaseSnapshot] = {}
    for event in events:
        data, number = event.data, event.case_id
        said = data.message.direction if data.message is not None else None
        steps[number][event.version] = Step(
            event.occurred_at, data.state_before, data.case.state, said
        )
        if number not in latest or latest[number].version <= data.case.version:
            latest[number] = data.case
    return [
        History(latest[number], tuple(one[version] for version in sorted(one)))
        for number, one in steps.items()
    ]


def plain_report(
    events: Iterable[CaseEvent],
    by: Sequence[str],
    zone: str = "UTC",
    wanted: Callable[[CaseSnapshot], bool] = lambda _: True,
) -> dict[tuple[str, ...], dict[str, Any]]:
    """By what it is cut by and the currency: the figures. A merged case is no case of its own."""
    return report_of(histories_of(events), by, zone, wanted, NAMES)


def report_of(
    histories: Iterable[History],
    by: Sequence[str],
    zone: str = "UTC",
    wanted: Callable[[CaseSnapshot], bool] = lambda _: True,
    names: Names = MappingProxyType({}),
) -> dict[tuple[str, ...], dict[str, Any]]:
    """The same from histories; `names` are those that the directory gave things later."""
    groups: dict[tuple[str, ...], list[History]] = defaultdict(list)
    for history in histories:
        if history.case.merged_into is None and wanted(history.case):
            values = [texts_of(cut, history.case, zone, names) for cut in by]
            for key in product(*values):
                groups[*key, history.case.currency].append(history)
    return {key: figures(group) for key, group in groups.items()}


def texts_of(
    cut: str, case: CaseSnapshot, zone: str, names: Names = MappingProxyType({})
) -> list[str]:
    """In which rows the case stands: in one, but for the categories of its partner."""
    if cut == "partner_category":
        kinds = sorted(set(case.partner_categories))
        return [names.get((cut, one), f"#{one}") for one in kinds] or [""]
    return [_text(cut, case, case.created_at.astimezone(ZoneInfo(zone)), names)]


def _text(cut: str, case: CaseSnapshot, created: datetime, names: Names) -> str:
    if cut.startswith("custom."):
        value = case.custom.get(cut.removeprefix("custom."), "")
        named = isinstance(value, dict)
        return names.get(("user", value["id"]), value["name"]) if named else str(value)
    times = {
        "day": f"{created:%Y-%m-%d}",
        "week": f"{created:%G-W%V}",
        "month": f"{created:%Y-%m}",
        "quarter": f"{created.year}-Q{ceil(created.month / 3)}",
        "year": str(created.year),
    }
    if cut in ("user", "section", "category", "partner"):
        ref = case.responsible if cut == "user" else getattr(case, cut)
        return names.get((cut, ref.id), ref.name) if ref else ""
    return times.get(cut) or str(getattr(case, cut))


def figures(group: Sequence[History]) -> dict[str, Any]:
    """Every figure of a row, by its name there."""
    cases = [one.case for one in group]
    closed = [one for one in group if one.case.state in CLOSED]
    delays = sorted(
        (one.case.closed_at - one.case.created_at) / HOUR for one in closed if one.case.closed_at
    )
    answers = [(c.responded_at - c.created_at) / HOUR for c in cases if c.responded_at]
    due = [one.case for one in closed if one.case.deadline]
    answer_due = [c for c in cases if c.responded_at and c.response_deadline]
    revenue = [(Decimal(c.estimated_revenue or 0), c.probability or 0) for c in cases]
    return {
        "count": len(group),
        "closed": len(closed),
        "average_hours_to_close": mean(delays),
        "median_hours_to_close": nearest_rank(delays, 0.5),
        "p90_hours_to_close": nearest_rank(delays, 0.9),
        "responded": len(answers),
        "average_hours_to_respond": mean(answers),
        "ever_closed": sum(one.closings > 0 for one in group),
        "reopened": sum(one.reopenings > 0 for one in group),
        "closed_with_deadline": len(due),
        "within_deadline": sum(c.closed_at <= c.deadline for c in due),
        "responded_with_deadline": len(answer_due),
        "within_response_deadline": sum(c.responded_at <= c.response_deadline for c in answer_due),
        "messages_in": sum(one.messages("in") for one in group),
        "messages_out": sum(one.messages("out") for one in group),
        "average_hours_draft": mean([one.hours_in("draft") for one in closed]),
        "average_hours_open": mean([one.hours_in("open") for one in closed]),
        "average_hours_pending": mean([one.hours_in("pending") for one in closed]),
        "estimated_revenue": sum((amount for amount, _ in revenue), Decimal(0)),
        "estimated_cost": sum((Decimal(c.estimated_cost or 0) for c in cases), Decimal(0)),
        "weighted_revenue": sum((amount * chance / 100 for amount, chance in revenue), Decimal(0)),
    }


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    return values[ceil(share * len(values)) - 1] if values else None


def is_the_same(row: ReportRow, plain: dict[str, Any]) -> bool:
    """Whether a row says what was worked out; percentiles are within 2 %, or a second."""
    return all(_agrees(name, getattr(row, name), value) for name, value in plain.items())


def _agrees(name: str, told: Any, value: Any) -> bool:
    if isinstance(value, float) and told is not None:
        is_percentile = name.startswith(("median", "p90"))
        # Where a clock was set back a case was closed before it was opened: no step is below 0.
        value = max(value, 0.0) if is_percentile else value
        allowed = 0.02 * value + 1 / 3600 if is_percentile else 1e-6
        return bool(abs(told - value) <= allowed)
    return bool(told == value)
