"""All SQL by which a discussion goes from one case to another: cases merged and split."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, literal, or_, select, update

from services.cases.tables import cases, message_ids, messages, quality_actions
from services.contracts.errors import NotFound

_COPIED = [column for column in messages.c if not column.name.startswith(("case_", "from_"))]
_WHERE_NOW = select(func.coalesce(cases.c.merged_into, cases.c.number)).where(
    cases.c.number == bindparam("its_number")
)


def where_now(connection: Connection, number: int) -> int:
    """The case on which all that was said on this one goes on: itself, unless it was merged."""
    return int(connection.scalar(_WHERE_NOW, {"its_number": number}) or number)


def merged_into(connection: Connection, number: int) -> tuple[int, ...]:
    """The cases that were merged into this one, also by way of another."""
    t = cases
    question = select(t.c.number).where(t.c.merged_into == number).order_by(t.c.number)
    return tuple(connection.scalars(question))


def mark_merged(connection: Connection, gone: int, stays: int) -> None:
    """From now on `gone`, and what was merged into it, is found on the other."""
    t = cases
    these = or_(t.c.number == gone, t.c.merged_into == gone)
    connection.execute(update(t).where(these).values(merged_into=stays))


def copy_discussion(connection: Connection, gone: int, stays: int) -> None:
    """Put the entries of one case onto the other, behind those that are there.

    Each says on which case it stood first, and as which entry: what becomes of its mail is
    told of that one.
    """
    t, c = messages, cases
    count = select(c.c.messages).where(c.c.number == gone).scalar_subquery()
    there = connection.scalar(select(c.c.messages).where(c.c.number == stays)) or 0
    columns = [column for column in _COPIED if column.name != "number"]
    copies = select(
        literal(stays),
        t.c.number + there,
        func.coalesce(t.c.from_case, t.c.case_number),
        func.coalesce(t.c.from_number, t.c.number),
        *columns,
    ).where(t.c.case_number == gone)
    names = ["case_number", "number", "from_case", "from_number", *(one.name for one in columns)]
    connection.execute(insert(t).from_select(names, copies))
    counted = update(c).where(c.c.number == stays).values(messages=there + count)
    connection.execute(counted)


def move_quality_actions(connection: Connection, gone: int, stays: int) -> None:
    """Corrective and preventive actions go on on the case that stays."""
    t = quality_actions
    connection.execute(update(t).where(t.c.case_number == gone).values(case_number=stays))


def entry_of(connection: Connection, number: int, message_number: int) -> dict[str, Any]:
    """An entry of a discussion. Raises NotFound."""
    t = messages
    its = and_(t.c.case_number == number, t.c.number == message_number)
    row = connection.execute(select(t).where(its)).mappings().first()
    if row is None:
        raise NotFound("message", f"{message_number} on case {number}")
    return dict(row)


def move_mails_of(connection: Connection, entry: dict[str, Any], to: int) -> None:
    """Answers to the mails of this entry go to another case, whatever their subject says."""
    t, m = message_ids, messages
    case, number = entry["case_number"], entry["number"]
    first = (entry["from_case"] or case, entry["from_number"] or number)
    its = [
        and_(t.c.case_number == one, t.c.message_number == entry_number)
        for one, entry_number in {(case, number), first}
    ]
    if entry["message_id"]:
        known_on = t.c.case_number.in_({case, first[0]})
        its.append(and_(t.c.message_id == entry["message_id"], known_on))
    connection.execute(update(t).where(or_(*its)).values(case_number=to, split_from=case))
    stays = and_(m.c.case_number == case, m.c.number == number)
    remark = "; ".join(one for one in (entry["remark"], f"goes on on case [{to}]") if one)
    connection.execute(update(m).where(stays).values(message_id="", remark=remark))
