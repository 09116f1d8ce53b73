"""The outgoing queue as operators look at it: all SQL that reads it for that."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, literal_column, or_, select

from services.contracts.errors import InvalidRequest
from services.contracts.mail_lists import OperatorAct, OutgoingLine, OutgoingQuestion
from services.mailgw.mail_list import acts_of
from services.mailgw.tables import outgoing

t = outgoing
# Not as parameters: SQLite takes a partial index only when it sees that it fits.
_WAITING = t.c.status.in_([literal_column("'queued'"), literal_column("'sending'")])
_FAILED = t.c.status == literal_column("'failed'")
MOST_SUBJECT_CHARACTERS = 500


def page(connection: Connection, question: OutgoingQuestion) -> dict[str, Any]:
    """`{"items": [OutgoingLine], "next": cursor}`. Raises InvalidRequest for a wrong cursor."""
    asked = select(t)
    if question.status == "waiting":
        asked = asked.where(_WAITING).order_by(t.c.next_attempt_at, t.c.id)
        if question.cursor:
            asked = asked.where(_behind(question.cursor))
    else:
        asked = asked.where(_FAILED).order_by(t.c.id.desc())
        if question.cursor:
            asked = asked.where(t.c.id < question.cursor)
    rows = connection.execute(asked.limit(question.limit + 1)).mappings().all()
    shown = rows[: question.limit]
    acts = acts_of(connection, [row["id"] for row in shown])
    lines = [_line(row, acts.get(row["id"], [])) for row in shown]
    more = len(rows) > len(shown)
    items = [line.model_dump(mode="json") for line in lines]
    return {"items": items, "next": _cursor(question, shown[-1]) if more else None}


def _cursor(question: OutgoingQuestion, last: RowMapping) -> str:
    if question.status == "failed":
        return str(last["id"])
    return f"{last['next_attempt_at'].isoformat()} {last['id']}"


def _behind(cursor: str) -> ColumnElement[bool]:
    moment, _, id = cursor.partition(" ")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError("without a time zone")
    except ValueError as error:
        raise InvalidRequest("cursor", "give one that a page before named") from error
    return and_(t.c.next_attempt_at >= at, or_(t.c.next_attempt_at > at, t.c.id > id))


def _line(row: RowMapping, acts: list[OperatorAct]) -> OutgoingLine:
    order = json.loads(row["payload"])
    data = order.get("data") or {}
    failed = row["status"] == "failed"
    all_of_them = [one["address"] for one in (*data.get("to", ()), *data.get("cc", ()))]
    return OutgoingLine(
        id=row["id"],
        status=row["status"],
        ordered_at=order.get("occurred_at") or row["next_attempt_at"],
        sender=row["sender"],
        to=tuple(unreached(all_of_them, row["why"]) if failed else row["remaining"]),
        subject=str(data.get("subject", ""))[:MOST_SUBJECT_CHARACTERS],
        case_number=order.get("case_id"),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        why=row["why"],
        acts=tuple(acts),
    )


def unreached(recipients: list[str], why: str) -> list[str]:
    """Those of a failed mail whom `why` names; all where it names none, as of an old one."""
    named = [one for one in recipients if f"{one}: " in why]
    return named or recipients
