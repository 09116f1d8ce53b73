"""All SQL that writes cases, their discussion and their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from services.cases.model.list_columns import RANKS, next_deadline
from services.cases.model.remarks import with_outcome
from services.cases.model.span import calendar_columns
from services.cases.side_tables import write_side_tables
from services.cases.tables import IS_UNCLOSED, cases, message_ids, messages
from services.contracts.cases import UNCLOSED, CaseSnapshot
from services.contracts.envelope import Envelope
from services.contracts.errors import NotFound

# Built once: making a statement anew costs as much as running it.
_THE_CASE = update(cases).where(cases.c.number == bindparam("its_number"))
_SNAPSHOT = (
    select(cases.c.snapshot).where(cases.c.number == bindparam("its_number")).with_for_update()
)
_ENTRIES = messages.c.case_number == bindparam("its_number")
_IN_ORDER = (messages.c.at, messages.c.number)  # merged cases come in between
_DISCUSSION = select(messages).where(_ENTRIES).order_by(*_IN_ORDER)
_KNOWN_MAILS = (
    select(
        message_ids.c.message_id,
        message_ids.c.recipient,
        func.coalesce(cases.c.merged_into, cases.c.number),
        message_ids.c.split_from.is_not(None),
        message_ids.c.case_number,
    )
    .join(cases, cases.c.number == message_ids.c.case_number)
    .where(message_ids.c.message_id.in_(bindparam("ids", expanding=True)))
)
_REMARK = (
    update(messages)
    .where(
        or_(
            and_(_ENTRIES, messages.c.number == bindparam("its_entry")),
            and_(
                messages.c.from_case == bindparam("its_number"),
                messages.c.from_number == bindparam("its_entry"),
            ),
        )
    )
    .values(remark=bindparam("its_remark"))
)
_REMARK_OF = select(messages.c.remark).where(_ENTRIES, messages.c.number == bindparam("its_entry"))
_COUNT_MESSAGE = _THE_CASE.values(messages=cases.c.messages + 1).returning(cases.c.messages)


def new_number(connection: Connection, case: CaseSnapshot, description: str) -> int:
    """Insert a case whose own number is not known yet, and answer the number it got."""
    row = {**row_of(case), "description": description, "messages": 0}
    result = connection.execute(insert(cases), row)
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def get(connection: Connection, number: int) -> CaseSnapshot:
    """The case as it stands; its row is locked until the commit where the database can.

    Raises NotFound.
    """
    snapshot = connection.scalar(_SNAPSHOT, {"its_number": number})
    if snapshot is None:
        raise NotFound("case", number)
    return CaseSnapshot.model_validate(snapshot)


def description_of(connection: Connection, number: int) -> str:
    """The description that the case was opened with."""
    return connection.scalar(select(cases.c.description).where(cases.c.number == number)) or ""


def save(
    connection: Connection,
    before: CaseSnapshot | None,
    after: CaseSnapshot,
    description: str | None = None,
) -> None:
    """Write the case as it stands now; the description stays when none is given."""
    row = {**row_of(after), "its_number": after.number}
    if description is not None:
        row["description"] = description
    connection.execute(_THE_CASE, row)
    write_side_tables(connection, before, after)


def history_row(event: Envelope) -> dict[str, Any]:
    """The history entry of a case event."""
    return {
        "case_number": event.case_id,
        "version": event.version,
        "at": event.occurred_at,
        "event_type": event.type,
        "event_id": event.id,
        "actor_kind": event.actor.kind,
        "actor_name": event.actor.name[:400],
        "reason": event.data.reason,
        "cause": [link.model_dump() for link in event.cause],
        "changes": [change.model_dump(mode="json") for change in event.data.changes],
    }


def add_message(connection: Connection, number: int, row: dict[str, Any]) -> int:
    """Add an entry to the discussion and answer its number, counted from 1 for each case."""
    count = connection.scalar(_COUNT_MESSAGE, {"its_number": number})
    if count is None:
        raise NotFound("case", number)
    connection.execute(insert(messages), {"case_number": number, "number": count, **row})
    return int(count)


def discussion(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Every entry of the discussion, in order."""
    rows = connection.execute(_DISCUSSION, {"its_number": number})
    return [dict(row) for row in rows.mappings()]


def set_remark(connection: Connection, number: int, message_number: int, remark: str) -> None:
    """Write beside an entry what became of its mail, and beside its copy on another case."""
    its = {"its_number": number, "its_entry": message_number}
    before = connection.scalar(_REMARK_OF, its) or ""
    given = {**its, "its_remark": with_outcome(before, remark)}
    connection.execute(_REMARK, given)


def remember_mail(
    connection: Connection,
    message_id: str,
    recipients: Sequence[str],
    number: int,
    message_number: int | None = None,
) -> None:
    """Keep which case a Message-ID belongs to, and whom we sent it to (nobody: it came in).

    `message_number` is the entry of the discussion that a mail of ours carries.
    """
    row = {"message_id": message_id, "case_number": number, "message_number": message_number}
    rows = [{**row, "recipient": one.lower()} for one in dict.fromkeys(recipients or [""])]
    connection.execute(insert(message_ids), rows)


class KnownMail(NamedTuple):
    """A Message-ID, whom it was sent to (empty: it came in), and the case where it goes on.

    `split_off`: what it carried became a case of its own. `stood_on` is its case before that
    was merged into another.
    """

    message_id: str
    recipient: str
    number: int
    split_off: bool
    stood_on: int


def mails_known(connection: Connection, ids: Sequence[str]) -> list[KnownMail]:
    """Of these Message-IDs the known ones."""
    return [KnownMail(*row) for row in connection.execute(_KNOWN_MAILS, {"ids": list(ids)})]


def unclosed_of(connection: Connection, column: str, id: int) -> list[CaseSnapshot]:
    """The cases with this id in `column` that somebody has still to look at.

    `column` is partner_id, responsible_id, section_id or category_id. Oldest first; locked
    like `get`.
    """
    t = cases
    question = (
        select(t.c.snapshot)
        .where(t.c[column] == id, t.c.state.in_(UNCLOSED))
        .order_by(t.c.number)
        .with_for_update()
    )
    return [CaseSnapshot.model_validate(one) for one in connection.scalars(question)]


def count_of_unclosed(connection: Connection) -> int:
    """How many cases somebody has still to look at."""
    question = select(func.count()).select_from(cases).where(IS_UNCLOSED)
    return int(connection.scalar(question) or 0)


def list_columns(case: CaseSnapshot) -> dict[str, Any]:
    """The columns that only lists read."""
    return {
        "category_id": case.category.id if case.category else None,
        "last_action_at": case.last_action_at,
        "next_deadline": next_deadline(case),
        "rank": RANKS[case.priority],
    }


def row_of(case: CaseSnapshot) -> dict[str, Any]:
    """The columns of a case, but for what no snapshot holds."""
    return {
        "version": case.version,
        "state": case.state,
        "kind": case.kind,
        "section_id": case.section.id if case.section else None,
        "responsible_id": case.responsible.id if case.responsible else None,
        "partner_id": case.partner.id if case.partner else None,
        "priority": case.priority,
        "snapshot": case.model_dump(mode="json"),
        "contact_address": case.contact.address.lower()[:320] if case.contact else None,
        "created_month": f"{case.created_at.astimezone(UTC):%Y-%m}",
        "created_at": case.created_at,
        **list_columns(case),
        **calendar_columns(case),
    }


def open_cases_of(connection: Connection, users: Sequence[int]) -> dict[int, int]:
    """How many unclosed cases each of these users is responsible for."""
    t = cases
    question = (
        select(t.c.responsible_id, func.count())
        .where(t.c.responsible_id.in_(users), t.c.state.in_(UNCLOSED))
        .group_by(t.c.responsible_id)
    )
    return {row[0]: row[1] for row in connection.execute(question)}


def last_assigned(connection: Connection, users: Sequence[int]) -> dict[int, int]:
    """The highest case number of each of these users: the lowest is whose turn it is."""
    t = cases
    question = (
        select(t.c.responsible_id, func.max(t.c.number))
        .where(t.c.responsible_id.in_(users))
        .group_by(t.c.responsible_id)
    )
    return {row[0]: row[1] for row in connection.execute(question)}
