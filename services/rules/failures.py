"""All SQL about rules that broke.

A failure stays when the rule is tried again and does not break, so that people can read what
happened. Attempts count from one anew when the last failure is so old that in between the
rule must have been tried without breaking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, delete, or_, select

from services.contracts.errors import InvalidRequest
from services.contracts.rules import RuleFailure
from services.rules import tables
from services.rules.model.arming import Key
from services.rules.model.pause import LONGEST_PAUSE
from services.runtime.upsert import upsert

LONGEST_TEXT = 500
FORGOTTEN_AFTER = LONGEST_PAUSE + timedelta(days=1)


@dataclass(frozen=True)
class Broke:
    """A rule broke on a case with this error."""

    rule_id: int
    case_number: int
    error: Exception

    @property
    def words(self) -> str:
        """The error's type and message, shortened, and without what a database refuses."""
        text = f"{type(self.error).__name__}: {self.error}"[:LONGEST_TEXT]
        return "".join(one if one.isprintable() or one == "\n" else " " for one in text)


def record(connection: Connection, broken: Sequence[Broke], moment: datetime) -> dict[Key, int]:
    """Keep that these broke; how often each has been tried by now."""
    latest = {(one.rule_id, one.case_number): one for one in broken}
    if not latest:
        return {}
    t = tables.rule_failures
    statement = upsert(connection, t)
    fresh = t.c.at < moment - FORGOTTEN_AFTER
    statement = statement.on_conflict_do_update(
        index_elements=["rule_id", "case_number"],
        set_={
            "at": statement.excluded.at,
            "error": statement.excluded.error,
            "attempts": case((fresh, 1), else_=t.c.attempts + 1),
        },
    ).returning(t.c.rule_id, t.c.case_number, t.c.attempts)
    rows = [
        {"rule_id": rule, "case_number": number, "at": moment, "error": one.words, "attempts": 1}
        for (rule, number), one in sorted(latest.items())
    ]
    return {(row[0], row[1]): row[2] for row in connection.execute(statement, rows)}


def cases_of(connection: Connection, rule_id: int) -> set[int]:
    """The cases on which this rule has broken."""
    t = tables.rule_failures
    return set(connection.scalars(select(t.c.case_number).where(t.c.rule_id == rule_id)))


def list_failures(
    connection: Connection, rule_id: int | None, limit: int, before: Key | None = None
) -> list[RuleFailure]:
    """Where this rule broke, or any, the newest first; only what is behind the one of `before`."""
    t = tables.rule_failures
    question = select(t).order_by(t.c.at.desc(), t.c.rule_id, t.c.case_number).limit(limit)
    if before is not None:
        question = question.where(_behind(connection, before))
    if rule_id is not None:
        question = question.where(t.c.rule_id == rule_id)
    return [RuleFailure(**row) for row in connection.execute(question).mappings()]


def _behind(connection: Connection, before: Key) -> ColumnElement[bool]:
    """What is behind that failure. Raises InvalidRequest when it is not there any more."""
    t = tables.rule_failures
    its = (t.c.rule_id == before[0]) & (t.c.case_number == before[1])
    at = connection.scalar(select(t.c.at).where(its))
    if at is None:
        raise InvalidRequest("before", "that failure is no more; list them from the first on")
    together = or_(
        t.c.rule_id > before[0], and_(t.c.rule_id == before[0], t.c.case_number > before[1])
    )
    return or_(t.c.at < at, and_(t.c.at == at, together))


def forget_before(connection: Connection, moment: datetime) -> None:
    """Forget the failures before this moment."""
    t = tables.rule_failures
    connection.execute(delete(t).where(t.c.at < moment))
