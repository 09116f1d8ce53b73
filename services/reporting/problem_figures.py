"""The figures that suppliers are graded by: those of the report by partner of the same cases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from services.contracts.grades import Grading
from services.contracts.reports import ReportQuestion
from services.reporting.model.figures import figures_called
from services.reporting.model.grades import Figures
from services.reporting.model.groups import Group
from services.reporting.model.measures import added
from services.reporting.model.money import PLACES
from services.reporting.model.months import first_day, number_of
from services.reporting.model.period import zone_named
from services.reporting.queries import Answer
from services.reporting.rows import MILLISECONDS_AN_HOUR, amount_text

FIGURES = figures_called(("average_hours_to_respond", "estimated_cost"))


def problem_figures(
    connection: Connection, grading: Grading, moment: datetime
) -> dict[int, Figures]:
    """By partner, what the grading counts at this moment; only partners with such cases."""
    answer = Answer.of(connection, question_of(grading, moment))
    if answer is None:
        return {}
    parts: dict[int, dict[str, Group]] = {}
    for ((partner_id,), currency), group in answer.groups(("partner",)).items():
        if partner_id is not None:
            parts.setdefault(partner_id, {})[currency] = group
    return {id: _figures(groups, grading.currency) for id, groups in parts.items()}


def question_of(grading: Grading, moment: datetime) -> ReportQuestion:
    """The report that counts the same cases."""
    return ReportQuestion(
        by=("partner",),
        date_from=first_counted(grading, moment),
        kind=grading.kind,
        section_id=grading.section_id,
        currency=grading.currency,
        figures=(*FIGURES.counts, *FIGURES.averages, *FIGURES.amounts),
        time_zone=grading.time_zone,
    )


def first_counted(grading: Grading, moment: datetime) -> date:
    """The day from which on cases count."""
    today = moment.astimezone(zone_named(grading.time_zone)).date()
    return first_day(number_of(today) - grading.months + 1)


def _figures(groups: dict[str, Group], currency: str) -> Figures:
    """Together; groups of other currencies hold the money that has no rate."""
    sums = added([group.sums for group in groups.values()])
    responded = sums[FIGURES.place("responded")]
    milliseconds = sums[FIGURES.place("milliseconds_to_respond")]
    return Figures(
        count=sums[FIGURES.place("count")],
        cost=None
        if groups.keys() - {currency}
        else Decimal(amount_text(groups[currency].money[0], PLACES)),
        hours=milliseconds / responded / MILLISECONDS_AN_HOUR if responded else None,
        without_rate=tuple(sorted(groups.keys() - {currency})),
    )
