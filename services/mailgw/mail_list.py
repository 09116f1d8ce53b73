"""Mails that came in, as operators look at them: all SQL that reads them for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    func,
    literal_column,
    or_,
    select,
)

from services.contracts.errors import NotFound
from services.contracts.mail_lists import (
    MailAct,
    MailLine,
    MailQuestion,
    MailStatus,
    MailView,
    OperatorAct,
)
from services.mailgw import mail_search
from services.mailgw.model.mail_acts import possible_acts
from services.mailgw.model.mail_words import asked, holds
from services.mailgw.tables import operator_acts, raw_contents, raw_mails

# So many of the newest mails are looked through word by word; frequent words are found there.
WINDOW = 2_000

t = raw_mails
_LINE = (
    *(t.c.id, t.c.account, t.c.received_at, t.c.size_bytes, t.c.status, t.c.sender, t.c.subject),
    *(t.c.message_id, t.c.filed, t.c.filed_why, t.c.case_number, t.c.message_number, t.c.why),
)
# Not as a parameter: SQLite takes the partial index only when it sees that it fits.
_KEPT_AS = {"filed": "published"}
_ASIDE = t.c.filed == literal_column("'aside'")


def page(connection: Connection, question: MailQuestion) -> dict[str, Any]:
    """`{"items": [MailLine], "next": cursor}`, the newest first. Raises InvalidRequest."""
    ids = _ids(connection, question)
    shown = ids[: question.limit]
    rows = connection.execute(select(*_LINE).where(t.c.id.in_(shown))).mappings()
    lines = {row["id"]: MailLine.model_validate(_shown(row)) for row in rows}
    items = [lines[id].model_dump(mode="json") for id in shown]
    return {"items": items, "next": shown[-1] if len(ids) > len(shown) else None}


def view(connection: Connection, mail_id: str) -> MailView:
    """One mail with its walk. Raises NotFound."""
    columns = (*_LINE, t.c.attempts, t.c.verdicts, t.c.dropped_at)
    row = connection.execute(select(*columns).where(t.c.id == mail_id)).mappings().first()
    if row is None:
        raise NotFound("mail", mail_id)
    walk = {
        "verdicts": row["verdicts"] or (),
        "acts": acts_of(connection, [mail_id]).get(mail_id, ()),
        "may": () if row["dropped_at"] else _may(row),
    }
    return MailView.model_validate(_shown(row) | walk)


def _may(row: RowMapping) -> tuple[MailAct, ...]:
    return possible_acts(row["status"], row["filed"], bool(row["verdicts"]))


def acts_of(connection: Connection, mail_ids: Sequence[str]) -> dict[str, list[OperatorAct]]:
    """What operators did with these mails, by mail, in the order of doing."""
    a = operator_acts
    question = select(a).where(a.c.mail_id.in_(mail_ids)).order_by(a.c.id)
    found: dict[str, list[OperatorAct]] = {}
    for row in connection.execute(question).mappings():
        found.setdefault(row["mail_id"], []).append(OperatorAct.model_validate(dict(row)))
    return found


def piece(connection: Connection, mail_id: str, offset: int, length: int) -> bytes:
    """So many bytes of a mail from `offset` (from 0) on. Raises NotFound, also once dropped."""
    content = raw_contents.c.content
    question = select(func.substr(content, offset + 1, length, type_=content.type))
    found = connection.scalar(question.where(raw_contents.c.mail_id == mail_id))
    if found is None:
        raise NotFound("original of the mail", mail_id)
    return bytes(found)


def _shown(row: RowMapping) -> dict[str, Any]:
    status: MailStatus = row["status"] if row["status"] != "published" else "filed"
    if row["status"] == "published" and row["filed"] == "aside":
        status = "aside"
    return {**row, "status": status}


def _ids(connection: Connection, question: MailQuestion) -> list[str]:
    """The ids of a page, and one more where there is one."""
    conditions = _conditions(question)
    words = asked(question.q)
    below = [t.c.id < question.cursor] if question.cursor else []
    newest = select(t.c.id).where(*conditions, *below).order_by(t.c.id.desc())
    most = question.limit + 1
    if not words:
        return list(connection.scalars(newest.limit(most)))
    window = connection.execute(newest.add_columns(t.c.words).limit(WINDOW)).all()
    ids = [id for id, text in window if text and holds(text, words)][:most]
    if len(ids) == most or len(window) < WINDOW:
        return ids
    found = t.c.id.in_(mail_search.found(connection, words))
    further = select(t.c.id).where(found, *conditions, t.c.id < window[-1].id)
    return ids + list(connection.scalars(further.order_by(t.c.id.desc()).limit(most - len(ids))))


def _conditions(question: MailQuestion) -> list[ColumnElement[bool]]:
    """What the question asks of a mail besides its words; the first is to be found by its index.

    SQLite does not know which is rarer, so that the others are written in a way that no index
    has: a case's mails are few, so are those of a status but `filed`.
    """
    found: list[ColumnElement[bool]] = []
    if question.case_number is not None:
        found.append(t.c.case_number == question.case_number)
        if question.message_number is not None:
            found.append(t.c.message_number == question.message_number)
    status = question.status
    if status == "aside":
        found.append(_ASIDE)
    elif status is not None:
        first = not found and not (status == "filed" and question.account)
        found.append((t.c.status if first else _beside(t.c.status)) == _KEPT_AS.get(status, status))
    if status == "filed":
        found.append(or_(t.c.filed.is_(None), t.c.filed != "aside"))
    if question.account:
        first = not found or (status == "filed" and question.case_number is None)
        found.append((t.c.account if first else _beside(t.c.account)) == question.account)
    return found


def _beside(column: Column[str]) -> ColumnElement[str]:
    return column.concat("")
