"""What a question asks to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import Connection, func, select

from services.reporting.model.figures import Figures
from services.reporting.model.period import Period
from services.reporting.model.windows import Place, Unit, Window
from services.reporting.tables import facts
from services.reporting.wanted import Wanted

# The cuts that are columns of facts; sums know some of them.
COLUMNS = {
    "user": "responsible_id",
    "section": "section_id",
    "state": "state",
    "kind": "kind",
    "category": "category_id",
    "partner": "partner_id",
    "priority": "priority",
}
SHORT: tuple[Unit, ...] = ("day", "week")
MONTH_AND_MORE = 40 * 86_400  # seconds

# By the place in time, the values of the cuts in their order, and the currency.
Key = tuple[Place, tuple[Any, ...], str]


@dataclass(frozen=True)
class Span:
    """The time that a question is about; all in seconds since 1970, `end` is behind it.

    `first` and `last` are when the first case of all was created, and the last one.
    """

    begin: int | None
    end: int | None
    first: int
    last: int

    def of_facts(self) -> tuple[int, int]:
        """From where to where facts can be."""
        return self._within(self.first, self.last + 1)

    def of_months(self) -> tuple[int, int]:
        """The same, with the whole months of the first and of the last case."""
        return self._within(self.first - MONTH_AND_MORE, self.last + MONTH_AND_MORE)

    def with_cases(self, parts: Sequence[Window]) -> list[Window]:
        """Those of the windows in which a case can be."""
        begin, end = self.of_facts()
        return [part for part in parts if part.begin < end and part.end > begin]

    def _within(self, first: int, end: int) -> tuple[int, int]:
        begin = first if self.begin is None else max(self.begin, first)
        return begin, end if self.end is None else min(self.end, end)


@dataclass(frozen=True)
class Asked:
    """What to add up: in which time, by what, of which cases, and for which figures.

    `cuts` are those of ReportQuestion, without those of time.
    """

    span: Span
    unit: Unit | None
    cuts: tuple[str, ...]
    zone: tzinfo
    wanted: Wanted
    figures: Figures

    def sums_can_tell(self, known: Sequence[str]) -> bool:
        """Whether sums of months that know these columns can tell, without a look at facts."""
        if self.unit in SHORT or self.wanted.needs_facts:
            return False
        if any(cut not in COLUMNS for cut in self.cuts):
            return False
        return {COLUMNS[cut] for cut in self.cuts} | self.wanted.columns <= set(known)


def span_of(connection: Connection, period: Period) -> Span | None:
    """The time of a question about this period; None where there is no case at all."""
    created = facts.c.created_seconds
    first = connection.scalar(select(func.min(created)))
    last = connection.scalar(select(func.max(created)))
    if first is None or last is None:
        return None
    begin, end = (
        int(moment.timestamp()) if moment else None for moment in (period.begin, period.end)
    )
    return Span(begin, end, int(first), int(last))
