"""Reports, for callers of the service: what is asked becomes sums, and sums become rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from services.contracts.reports import MOST_ROWS, Cut, ReportQuestion, Time
from services.reporting.asked import Asked, Span, span_of
from services.reporting.delays import Steps, count_delays
from services.reporting.from_facts import PARTNER_CATEGORY
from services.reporting.model.exchange import Exchange
from services.reporting.model.figures import Figures, figures_called
from services.reporting.model.groups import GroupKey, Groups, give_steps, grouped, totals_by
from services.reporting.model.period import period_of, zone_named
from services.reporting.model.windows import Place, Unit, first_of, label, shortest
from services.reporting.rates import read_rates
from services.reporting.rows import Json, Shown
from services.reporting.sums import add_up
from services.reporting.tables import CUBES
from services.reporting.wanted import Wanted, wanted_by

TIMES: tuple[Unit, ...] = get_args(Time)


def report(connection: Connection, question: ReportQuestion) -> Json:
    """Count and sum the facts that the question asks for: a Report in JSON.

    Raises InvalidRequest for an unknown time zone or dates that cannot be.
    """
    by = tuple(dict.fromkeys(question.by))
    columns = tuple(cut for cut in dict.fromkeys(question.columns) if cut not in by)
    cuts = (*by, *columns)
    answer = Answer.of(connection, question)
    if answer is None:
        return {}
    groups = answer.groups(cuts)
    shown = Shown(connection, cuts, groups, answer.figures)

    def totals(wanted: Sequence[Cut]) -> list[Json]:
        return shown.rows(wanted, answer.totals(groups, cuts, wanted))

    rows = shown.rows(cuts, groups)
    return {
        "rows": rows[:MOST_ROWS],
        "row_totals": totals(by) if columns else [],
        "column_totals": totals(columns) if columns else [],
        "totals": totals(()),
        "without_rate": sorted(answer.without_rate),
        "more": len(rows) > MOST_ROWS,
        "as_of": events_taken_in(connection),
    }


def events_taken_in(connection: Connection) -> int:
    """The number of case events in the facts."""
    return int(connection.scalar(select(func.sum(CUBES[0].table.c.events))) or 0)


@dataclass
class Answer:
    """Finds the groups of one question, with the cases that it wants."""

    connection: Connection
    question: ReportQuestion
    span: Span
    zone: ZoneInfo
    wanted: Wanted
    figures: Figures
    exchange: Exchange | None
    without_rate: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, connection: Connection, question: ReportQuestion) -> Answer | None:
        """None where there is no case at all. Raises InvalidRequest."""
        zone = zone_named(question.time_zone)
        period = period_of(question.date_from, question.date_to, zone)
        span = span_of(connection, period)
        into = question.currency
        exchange = Exchange(read_rates(connection), into) if into else None
        wanted = wanted_by(connection, question)
        figures = figures_called(question.figures, percentiles=question.percentiles)
        return cls(connection, question, span, zone, wanted, figures, exchange) if span else None

    def groups(self, cuts: Sequence[Cut]) -> Groups:
        """The groups by these cuts, with the delays by step where they are asked for."""
        times: list[Unit] = [cut for cut in TIMES if cut in cuts]
        texts = tuple(cut for cut in cuts if cut not in TIMES)

        labels: dict[Place, list[str]] = {}
        order = _positions(cuts)

        def values(place: Place, found: tuple[Any, ...]) -> tuple[Any, ...]:
            if place not in labels:
                labels[place] = [_time(cut, place) for cut in cuts if cut in TIMES]
            both = (*labels[place], *found)
            return tuple([both[position] for position in order])

        unit = shortest(times, priced=self.exchange is not None)
        asked = Asked(self.span, unit, texts, self.zone, self.wanted, self.figures)
        sums = add_up(self.connection, asked)
        groups, without_rate = grouped(sums, values, self.figures, self.exchange)
        self.without_rate |= without_rate
        if self.figures.percentiles:
            give_steps(groups, self._steps(asked, values))
        return groups

    def totals(self, groups: Groups, cuts: Sequence[Cut], wanted: Sequence[Cut]) -> Groups:
        """The groups by some of the cuts.

        They are the sums of those by all, but where a case stands in several of them.
        """
        if PARTNER_CATEGORY in cuts and PARTNER_CATEGORY not in wanted:
            return self.groups(wanted)
        return totals_by(groups, [cuts.index(cut) for cut in wanted])

    def _steps(
        self, asked: Asked, values: Callable[[Place, tuple[Any, ...]], tuple[Any, ...]]
    ) -> Iterator[tuple[GroupKey, Steps]]:
        for (place, texts, currency), steps in count_delays(self.connection, asked).items():
            into = self.exchange.into if self.exchange else currency
            yield (values(place, texts), currency if currency in self.without_rate else into), steps


def _positions(cuts: Sequence[Cut]) -> list[int]:
    """Where each cut stands when those of time come first."""
    sorted_cuts = sorted(cuts, key=lambda cut: cut not in TIMES)
    return [sorted_cuts.index(cut) for cut in cuts]


def _time(cut: str, place: Place) -> str:
    unit: Unit = next(one for one in TIMES if one == cut)
    return label(unit, first_of(unit, place)) if place is not None else ""
