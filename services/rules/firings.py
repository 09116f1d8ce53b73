"""All SQL about what became of firings; they are written in store."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, or_, select, update

from services.contracts.cases import FiringOutcome
from services.contracts.envelope import Link
from services.contracts.rules import Firing
from services.rules import tables
from services.rules.model.chain import rules_in

KEPT_AS_THEY_ARE = (
    "rule_id",
    "rule_name",
    "case_number",
    "at",
    "outcome",
    "changed",
    "next_action_at",
    "closed_at",
)
TOLD = ("fired", "stopped")  # what was left alone as overdue is no firing


@dataclass(frozen=True)
class Open:
    """A firing for whose case a person's next act, or its closing, has not been seen yet."""

    id: str
    case_number: int
    at: datetime
    next_action_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Question:
    """Which firings: of a rule, of a case; those older than the firing `before`."""

    rule_id: int | None = None
    case_number: int | None = None
    limit: int = 100
    before: str | None = None


def list_firings(connection: Connection, question: Question) -> list[Firing]:
    """What rules have done, the newest first."""
    t = tables.firings
    asked = select(t).where(t.c.outcome.in_(TOLD)).order_by(t.c.id.desc()).limit(question.limit)
    if question.rule_id is not None:
        asked = asked.where(t.c.rule_id == question.rule_id)
    if question.case_number is not None:
        asked = asked.where(t.c.case_number == question.case_number)
    if question.before is not None:
        asked = asked.where(t.c.id < question.before)
    return [_firing(row) for row in connection.execute(asked).mappings()]


def open_of(connection: Connection, acted: Collection[int], closed: Collection[int]) -> list[Open]:
    """The firings of cases that a person `acted` on, or that were `closed`, and wait for that."""
    t = tables.firings
    question = select(t.c.id, t.c.case_number, t.c.at, t.c.next_action_at, t.c.closed_at).where(
        t.c.case_number.in_({*acted, *closed}),
        t.c.outcome == "fired",
        or_(
            t.c.next_action_at.is_(None) & t.c.case_number.in_(acted),
            t.c.closed_at.is_(None) & t.c.case_number.in_(closed),
        ),
    )
    return [Open(*row) for row in connection.execute(question)]


def write_moments(connection: Connection, firings: Sequence[Open]) -> None:
    """Keep when a person acted, and when the case was closed, behind these."""
    t = tables.firings
    if firings:
        statement = update(t).where(t.c.id == bindparam("of_id"))
        statement = statement.values(
            next_action_at=bindparam("acted"), closed_at=bindparam("closed")
        )
        rows = [
            {"of_id": one.id, "acted": one.next_action_at, "closed": one.closed_at}
            for one in firings
        ]
        connection.execute(statement, rows)


def write_outcomes(connection: Connection, outcomes: Sequence[FiringOutcome]) -> None:
    """Keep what cases made of these firings."""
    t = tables.firings
    if outcomes:
        statement = update(t).where(t.c.id == bindparam("of_id"))
        statement = statement.values(changed=bindparam("made"), refused=bindparam("not_done"))
        rows = [
            {
                "of_id": one.firing_id,
                "made": one.changed,
                "not_done": json.dumps(one.refused, ensure_ascii=False),
            }
            for one in outcomes
        ]
        connection.execute(statement, rows)


def _firing(row: RowMapping) -> Firing:
    cause = [Link.model_validate(link) for link in json.loads(row["cause"])]
    return Firing(
        firing_id=row["id"],
        why=json.loads(row["why"]),
        set_off_by=cause[-1].name if cause and cause[-1].kind == "event" else "",
        chain=tuple(link.name for link in rules_in(cause)),
        refused=json.loads(row["refused"]),
        **{name: row[name] for name in KEPT_AS_THEY_ARE},
    )
