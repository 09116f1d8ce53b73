"""What a rule has done over a while, and what people made of it: SQL and the sums."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, and_, distinct, func, select

from services.contracts.rules import RuleSummary
from services.rules import tables

LATEST = 10_000  # medians are of so many firings at most


def summarise(connection: Connection, rule_id: int, days: int, moment: datetime) -> RuleSummary:
    """The last `days` before this moment. All is zero for a rule that there is not."""
    since = moment - timedelta(days=days)
    return RuleSummary(
        rule_id=rule_id,
        days=days,
        **_counts(connection, rule_id, since),
        failed=_failed(connection, rule_id, since),
        median_seconds_to_action=_median(connection, rule_id, since, "next_action_at"),
        median_seconds_to_close=_median(connection, rule_id, since, "closed_at"),
        waiting=_waiting(connection, rule_id),
    )


def _counts(connection: Connection, rule_id: int, since: datetime) -> dict[str, Any]:
    t = tables.firings
    fired = t.c.outcome == "fired"
    question = select(
        func.count().filter(fired).label("fired"),
        func.count().filter(t.c.outcome == "stopped").label("stopped"),
        func.count().filter(fired, t.c.changed.is_(True)).label("changed"),
        func.count().filter(fired, t.c.refused != "[]").label("refused"),
        func.count(distinct(t.c.case_number)).filter(_known("next_action_at")).label("acted"),
        func.count(distinct(t.c.case_number)).filter(_known("closed_at")).label("closed"),
        func.max(t.c.at).filter(fired).label("last_fired_at"),
    ).where(*_of(rule_id, since))
    return dict(connection.execute(question).mappings().one())


def _median(connection: Connection, rule_id: int, since: datetime, moment: str) -> float | None:
    """The middle one of the seconds from each of the latest firings to that moment."""
    t = tables.firings
    question = select(t.c.at, t.c[moment]).where(*_of(rule_id, since), _known(moment))
    rows = connection.execute(question.order_by(t.c.at.desc()).limit(LATEST))
    seconds = [(later - at).total_seconds() for at, later in rows]
    return median(seconds) if seconds else None


def _known(moment: str) -> Any:
    t = tables.firings
    return and_(t.c.outcome == "fired", t.c[moment].is_not(None))


def _of(rule_id: int, since: datetime) -> tuple[Any, ...]:
    t = tables.firings
    return t.c.rule_id == rule_id, t.c.at >= since


def _failed(connection: Connection, rule_id: int, since: datetime) -> int:
    t = tables.rule_failures
    question = select(func.count()).where(t.c.rule_id == rule_id, t.c.at >= since)
    return int(connection.scalar(question) or 0)


def _waiting(connection: Connection, rule_id: int) -> int:
    t = tables.due_times
    question = select(func.count()).where(t.c.rule_id == rule_id)
    return int(connection.scalar(question) or 0)
