"""State, inbox mark and outbox go in one commit, on both databases."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import Column, MetaData, String, Table, select
from structlog.testing import capture_logs

from services.contracts.envelope import Envelope
from services.contracts.mail import MailQuarantined, QuarantineData
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.messaging.transaction import Transaction, Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

metadata = MetaData()
outbox = outbox_table(metadata)
inbox = inbox_table(metadata)
effects = Table("effects", metadata, Column("mail_id", String(64)))


def message(mail_id: str) -> MailQuarantined:
    data = QuarantineData(mail_id=mail_id, account="a", why="cannot be read")
    return MailQuarantined(id=new_id(), occurred_at=now(), data=data)


def record(transaction: Transaction, event: Envelope) -> None:
    transaction.connection.execute(effects.insert().values(mail_id=event.data.mail_id))
    transaction.publish(message(f"caused by {event.data.mail_id}"))
    if event.data.mail_id == "bad":
        raise ValueError("this one fails")


@pytest.fixture
def transactions(database: Database) -> Transactions:
    metadata.create_all(database.engine)
    return Transactions(database, outbox, inbox)


def effects_of(transactions: Transactions) -> list[str]:
    with transactions.database.read() as connection:
        return sorted(connection.scalars(select(effects.c.mail_id)))


def test_a_message_that_comes_twice_takes_effect_once(transactions: Transactions) -> None:
    first = message("first")
    assert transactions.take_effect([first, first], record) == []
    assert transactions.take_effect([first], record) == []
    assert effects_of(transactions) == ["first"]
    with transactions.database.read() as connection:
        assert transactions.outbox.waiting(connection)[0] == 1


def test_O1_where_a_chain_begins_is_logged_once_it_is_committed(
    transactions: Transactions,
) -> None:
    one, other = message("one"), message("other")
    with capture_logs() as lines, transactions.begin() as transaction:
        transaction.publish(one)
        transaction.publish(other.model_copy(update={"cause": one.caused()}))
        with suppress(ValueError), transaction.savepoint():
            transaction.publish(message("undone"))
            raise ValueError
        assert lines == []
    assert [(line["event"], line["message"]) for line in lines] == [("begun", one.id)]
    assert lines[0]["correlation_id"] == one.id
    assert other.model_copy(update={"cause": one.caused()}).correlation_id == one.id


def test_a_failing_message_is_undone_alone_and_can_be_tried_again(
    transactions: Transactions,
) -> None:
    good, bad, later = message("good"), message("bad"), message("later")
    failures = transactions.take_effect([good, bad, later], record)
    assert [failure.message.id for failure in failures] == [bad.id]
    assert effects_of(transactions) == ["good", "later"]
    with transactions.database.read() as connection:
        bodies = [row.body for row in transactions.outbox.unsent(connection, 10)]
    assert len(bodies) == 2 and not any("caused by bad" in body for body in bodies)
    recovered = transactions.take_effect([bad], lambda transaction, event: None)
    assert recovered == []


def test_an_error_leaves_neither_state_nor_message(transactions: Transactions) -> None:
    with pytest.raises(ZeroDivisionError), transactions.begin() as transaction:
        record(transaction, message("lost"))
        raise ZeroDivisionError
    assert effects_of(transactions) == []
    with transactions.database.read() as connection:
        assert transactions.outbox.waiting(connection) == (0, None)


def test_the_relay_is_woken_behind_a_commit_that_published(transactions: Transactions) -> None:
    woken: list[str] = []
    transactions.wake = lambda: woken.append("woken")
    with transactions.begin():
        pass
    assert woken == []
    transactions.take_effect([message("one")], record)
    assert woken == ["woken"]
