"""Rules write to one address only so often; what was held back stands on the case (M10, A4)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.contracts import rules
from services.contracts.cases import CaseUpdated
from services.contracts.mail import MailBounced, MailSend
from services.contracts.messages import read_message
from services.mailgw import tables as gateway_tables
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.model.loop_guard import MOST_MAILS, MOST_OF_A_SUBJECT
from services.messaging.transaction import Transactions
from services.runtime.database import Database
from services.runtime.migration import migrate_database

if TYPE_CHECKING:
    from conftest import Desk

ANN = "ann@blue.example"
WEEKLY = rules.SendTemplate(subject="Still open", text="We have not forgotten you.")
REMINDER = rules.Remind(whom="partner", with_discussion=False)


@pytest.fixture
def gateway(tmp_path: Path) -> Transactions:
    database = Database(f"sqlite:///{tmp_path / 'mailgw.sqlite3'}")
    migrate_database(database, "mailgw")
    return Transactions(database, gateway_tables.outbox, gateway_tables.inbox)


def pass_between(desk: Desk, gateway: Transactions) -> list[MailSend]:
    """The gateway queues what the desk ordered, and the desk hears what became of it."""
    orders = desk.mails()
    assert queue_mails(gateway, orders) == []
    with gateway.database.read() as connection:
        rows = gateway.outbox.log(connection, 0, 10_000)
    for row in rows:
        desk.take(read_message(row.type, row.body))
    return orders


def test_M10_a_third_mail_with_one_subject_is_held_back_and_the_case_says_so(
    desk: Desk, gateway: Transactions
) -> None:
    number = desk.new_case().number
    desk.events()
    for _ in range(MOST_OF_A_SUBJECT):
        desk.rule(number, WEEKLY, name="Weekly word")
    pass_between(desk, gateway)
    assert not [entry for entry in desk.case(number).history if "not delivered" in entry.reason]
    desk.rule(number, WEEKLY, name="Weekly word")
    pass_between(desk, gateway)
    entry = desk.case(number).history[-1]
    assert f"a mail to {ANN} was not delivered" in entry.reason
    assert f"held back: {ANN} got {MOST_OF_A_SUBJECT} automatic mails with this" in entry.reason
    assert [(link.kind, link.name) for link in entry.cause][:1] == [("rule", "Weekly word")]
    assert entry.event_type == CaseUpdated.TYPE and entry.changes == ()


def test_M10_a_flood_over_many_cases_ends_and_each_case_left_out_says_so(
    desk: Desk, gateway: Transactions
) -> None:
    numbers = [desk.new_case().number for _ in range(MOST_MAILS + 3)]
    desk.events()
    for number in numbers:
        desk.rule(number, REMINDER)
    orders = pass_between(desk, gateway)
    assert len(orders) == len(numbers) and all(order.data.automatic for order in orders)
    told = [desk.case(number).history[-1].reason for number in numbers]
    held = [f"held back: {ANN} got {MOST_MAILS} automatic mails" in reason for reason in told]
    assert held == [False] * MOST_MAILS + [True] * 3


def test_M10_what_a_person_writes_is_never_held_back(desk: Desk, gateway: Transactions) -> None:
    number = desk.new_case().number
    desk.events()
    for _ in range(MOST_MAILS + 1):
        desk.command("add_message", number=number, text="Dear Ann")
    orders = pass_between(desk, gateway)
    assert len(orders) > MOST_MAILS
    with gateway.database.read() as connection:
        assert [
            row for row in gateway.outbox.log(connection, 0, 1000) if row.type == MailBounced.TYPE
        ] == []
