"""When the document of a case is written: once in each transaction that gives it new words.

It has three parts: the head (subject, partner, contact, tags), the description, and the
discussion, to which each message adds its words.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from services.cases.search import on_postgresql, on_sqlite
from services.cases.search.writing import Writing, description_words, head_of, message_words
from services.cases.tables import cases, messages
from services.contracts.cases import CaseSnapshot
from services.messaging.transaction import Transaction

IN_HEAD = ("subject", "partner", "contact", "tags")


def case_opened(transaction: Transaction, case: CaseSnapshot, description: str) -> None:
    """A new case gets its document."""
    words = description_words(description)
    transaction.at_end(write, Writing(case.number, True, head_of(case), words))


def case_changed(
    transaction: Transaction, before: CaseSnapshot, after: CaseSnapshot, description: str | None
) -> None:
    """Only what the search knows is written anew."""
    differs = any(getattr(before, name) != getattr(after, name) for name in IN_HEAD)
    if differs or description is not None:
        head = head_of(after) if differs else None
        words = None if description is None else description_words(description)
        transaction.at_end(write, Writing(after.number, head=head, description=words))


def message_added(transaction: Transaction, number: int, subject: str, text: str) -> None:
    """The words of an entry of the discussion join the document."""
    transaction.at_end(write, Writing(number, discussion=message_words(subject, text)))


def joined(transaction: Transaction, stays: int, gone: int) -> None:
    """What one case had said is found on the other, and on itself no more."""
    connection = transaction.connection
    t = messages
    entries = select(t.c.subject, t.c.text).where(t.c.case_number == gone).order_by(t.c.number)
    for subject, said in connection.execute(entries).all():
        message_added(transaction, stays, subject, said)
    description = connection.scalar(select(cases.c.description).where(cases.c.number == gone))
    message_added(transaction, stays, "", description or "")
    forget(connection, gone)


def write(connection: Connection, writings: Sequence[Writing]) -> None:
    """Bring the documents up to date."""
    joined: dict[int, Writing] = {}
    for one in writings:
        known = joined.get(one.number)
        joined[one.number] = one if known is None else known.then(one)
    engine = on_sqlite if connection.dialect.name == "sqlite" else on_postgresql
    engine.write(connection, list(joined.values()))


def forget(connection: Connection, number: int) -> None:
    """The search finds this case no more."""
    engine = on_sqlite if connection.dialect.name == "sqlite" else on_postgresql
    engine.forget(connection, number)
