"""Which mails of a mailbox are stored though they stand on their server as new: all SQL about it.

`mailbox` names the place as long as its UIDs are good: the folder, its UIDVALIDITY and the server.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from sqlalchemy import ColumnElement, Connection, Delete, delete, func, select

from services.mailgw.tables import fetched_mails

PORTION = 500


def count(connection: Connection, account_id: str, mailbox: str) -> int:
    """How many mails of this mailbox are remembered."""
    question = select(func.count()).select_from(fetched_mails)
    return connection.execute(question.where(*_of(account_id, mailbox))).scalar_one()


def known(connection: Connection, account_id: str, mailbox: str, uids: Sequence[str]) -> set[str]:
    """Which of these (at most PORTION) are remembered."""
    t = fetched_mails
    question = select(t.c.uid).where(*_of(account_id, mailbox), t.c.uid.in_(uids))
    return set(connection.scalars(question))


def remember(connection: Connection, account_id: str, mailbox: str, uids: Sequence[str]) -> None:
    """Remember these (at most PORTION); those remembered already stay so."""
    there = known(connection, account_id, mailbox, uids)
    place = {"account_id": account_id, "folder": mailbox}
    rows = [{**place, "uid": uid} for uid in dict.fromkeys(uids) if uid not in there]
    if rows:
        connection.execute(fetched_mails.insert(), rows)


def forget(connection: Connection, account_id: str, mailbox: str, uids: Sequence[str]) -> None:
    """Forget these (at most PORTION)."""
    connection.execute(_forgetting(account_id, mailbox).where(fetched_mails.c.uid.in_(uids)))


def has_other_mailboxes(connection: Connection, account_id: str, mailbox: str) -> bool:
    """Whether the account remembers mails of any other mailbox, or by UIDs that are void."""
    t = fetched_mails
    others = select(t.c.uid).where(t.c.account_id == account_id, t.c.folder != mailbox)
    return connection.execute(others.limit(1)).first() is not None


def forget_other_mailboxes(connection: Connection, account_id: str, mailbox: str) -> None:
    """Forget what the account remembers of any other mailbox, or of UIDs that are void."""
    t = fetched_mails
    connection.execute(delete(t).where(t.c.account_id == account_id, t.c.folder != mailbox))


def forget_gone(
    connection: Connection, account_id: str, mailbox: str, present: Container[str]
) -> None:
    """Forget those that do not stand on the server as new any more."""
    t = fetched_mails
    last = ""
    while True:
        question = select(t.c.uid).where(*_of(account_id, mailbox), t.c.uid > last)
        uids = list(connection.scalars(question.order_by(t.c.uid).limit(PORTION)))
        if not uids:
            return
        last = uids[-1]
        gone = [uid for uid in uids if uid not in present]
        if gone:
            forget(connection, account_id, mailbox, gone)


def _of(account_id: str, mailbox: str) -> tuple[ColumnElement[bool], ...]:
    return (fetched_mails.c.account_id == account_id, fetched_mails.c.folder == mailbox)


def _forgetting(account_id: str, mailbox: str) -> Delete:
    return delete(fetched_mails).where(*_of(account_id, mailbox))
