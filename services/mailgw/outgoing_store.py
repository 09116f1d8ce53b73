"""The queue of outgoing mails: all SQL about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from services.contracts.mail import MailSend
from services.mailgw.model.retry_pauses import pause_after
from services.mailgw.tables import automatic_mails, outgoing

# Not as parameters: SQLite takes the partial index only when it sees that it fits.
_OPEN = outgoing.c.status.in_([literal_column("'queued'"), literal_column("'sending'")])


@dataclass(frozen=True)
class Scope:
    """Which mails an outgoing account sends: those of its address, and the first one the rest."""

    address: str
    others_than: tuple[str, ...] | None = None

    def holds(self) -> ColumnElement[bool]:
        """The condition on a row of the queue."""
        mine = outgoing.c.sender == self.address
        if self.others_than is None:
            return mine
        return or_(mine, outgoing.c.sender.not_in(self.others_than))


@dataclass(frozen=True)
class Taken:
    """A mail whose attempt has been recorded: the how manieth, and whom it still has to reach."""

    id: str
    attempts: int
    payload: str
    remaining: tuple[str, ...]


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these orders are in the queue, or have been."""
    return set(connection.scalars(select(outgoing.c.id).where(outgoing.c.id.in_(ids))))


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with every column but `attempts`."""
    connection.execute(outgoing.insert(), [{**row, "attempts": 0} for row in rows])


def is_due(connection: Connection, scope: Scope, at: datetime) -> bool:
    """Whether there is anything to send at that moment."""
    question = select(outgoing.c.id).where(_OPEN, outgoing.c.next_attempt_at <= at, scope.holds())
    return connection.scalar(question.limit(1)) is not None


def take_due(connection: Connection, scope: Scope, at: datetime, limit: int) -> list[Taken]:
    """The mails due longest, each with this attempt counted and the next one set.

    One left `sending` by a sender that died is due like any other, once its pause is over.
    """
    t = outgoing
    question = (
        select(t.c.id, t.c.attempts + 1, t.c.payload, t.c.remaining)
        .where(_OPEN, t.c.next_attempt_at <= at, scope.holds())
        .order_by(t.c.next_attempt_at, t.c.id)
        .limit(limit)
    )
    taken = [
        Taken(mail_id, attempts, payload, tuple(remaining))
        for mail_id, attempts, payload, remaining in connection.execute(question)
    ]
    if taken:
        begin = (
            update(t)
            .where(t.c.id == bindparam("mail"))
            .values(
                status="sending",
                attempts=bindparam("attempt"),
                next_attempt_at=bindparam("again_at"),
            )
        )
        rows = [
            {"mail": x.id, "attempt": x.attempts, "again_at": at + pause_after(x.attempts)}
            for x in taken
        ]
        connection.execute(begin, rows)
    return taken


def give_back(connection: Connection, taken: Sequence[Taken], at: datetime) -> None:
    """These were not tried after all: they are due, and the attempt does not count."""
    t = outgoing
    connection.execute(
        update(t)
        .where(t.c.id.in_([x.id for x in taken]))
        .values(status="queued", attempts=t.c.attempts - 1, next_attempt_at=at)
    )


def put_off(connection: Connection, taken: Sequence[Taken], why: str) -> None:
    """These wait for their next attempt."""
    t = outgoing
    connection.execute(
        update(t).where(t.c.id.in_([x.id for x in taken])).values(status="queued", why=why)
    )


def settle(
    connection: Connection, mail_id: str, status: str, remaining: Sequence[str], why: str
) -> None:
    """Write what became of a mail, or of some of its recipients."""
    t = outgoing
    connection.execute(
        update(t).where(t.c.id == mail_id).values(status=status, remaining=list(remaining), why=why)
    )


def forget_text(connection: Connection, order: MailSend) -> None:
    """Keep no longer what a mail said."""
    data = order.data.model_copy(update={"text": ""})
    emptied = order.model_copy(update={"data": data}).model_dump_json()
    connection.execute(update(outgoing).where(outgoing.c.id == order.id).values(payload=emptied))


def say_why_wait(connection: Connection, why: str, scope: Scope | None = None) -> None:
    """Write it beside each waiting mail, of one account or of all, that has no reason yet."""
    t = outgoing
    which = [scope.holds()] if scope else []
    connection.execute(update(t).where(_OPEN, t.c.why == "", *which).values(why=why))


def waiting(connection: Connection) -> int:
    """How many mails are neither sent nor given up."""
    return int(connection.scalar(select(func.count()).select_from(outgoing).where(_OPEN)) or 0)


def orders_of(connection: Connection, message_ids: Sequence[str]) -> dict[str, str]:
    """The order (JSON) behind each of these Message-IDs that is a mail of ours."""
    t = outgoing
    rows = connection.execute(
        select(t.c.message_id, t.c.payload).where(t.c.message_id.in_(message_ids))
    )
    return {message_id: payload for message_id, payload in rows}


def automatic_since(
    connection: Connection, addresses: Iterable[str], moment: datetime
) -> list[tuple[str, str]]:
    """Address and subject key of the automatic mails that these addresses got since then."""
    t = automatic_mails
    question = select(t.c.address, t.c.subject).where(
        t.c.address.in_(list(addresses)), t.c.at > moment
    )
    return [(address, subject) for address, subject in connection.execute(question)]


def remember_automatic(
    connection: Connection, rows: Sequence[Mapping[str, Any]], forget_before: datetime
) -> None:
    """Keep rows with `address`, `subject` (its key) and `at`; forget what is older."""
    connection.execute(automatic_mails.insert(), list(rows))
    connection.execute(delete(automatic_mails).where(automatic_mails.c.at < forget_before))
