"""kill -9 of the gateway while it sends: each mail arrives, and which come twice is explained.

Between the server's yes and the commit of it a mail goes out again (decision 0007). Such a mail
is the last that its connection brought before the kill; nothing else may come twice.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.smtp_peer import Delivered, SmtpPeer
from support.system import RunningSystem, wait_for

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.incoming.parse import parse
from services.mailgw.tables import inbox, outbox, outgoing
from services.mailgw.wiring import vault_of
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.identity import new_id
from services.runtime.migration import migrate
from services.runtime.settings import Settings

MAILS = 240
KILLS = 8
SUPPORT = "support@company.example"


def order(number: int) -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, SUPPORT),
        sender=Address(address=SUPPORT),
        to=(Address(address=f"customer{number}@blue.example"),),
        subject=f"[{101 + number}] Order {number}",
        text="It is on its way.",
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101 + number, data=data)


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    made = SmtpPeer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def gateway(own_broker: str, tmp_path: Path) -> Iterator[RunningSystem]:
    """A home in which only the gateway runs, as often as the test starts it."""
    system = RunningSystem(tmp_path / "home", own_broker)
    system.home.mkdir()
    yield system
    for name in list(system.processes):
        system.kill(name)


def test_M12_killed_while_it_sends_each_mail_arrives_and_each_double_is_explained(
    gateway: RunningSystem, peer: SmtpPeer
) -> None:
    settings = Settings(CASEWIRE_HOME=gateway.home)  # type: ignore[call-arg]
    migrate(settings, "mailgw")
    transactions = Transactions(open_database(settings, "mailgw"), outbox, inbox)
    with transactions.database.write() as connection:
        save_account(connection, vault_of(settings), "outgoing", peer.account())
        accounts.approve(connection, "outgoing", "out")
    orders = [order(number) for number in range(MAILS)]
    queue_mails(transactions, orders)
    dice = random.Random(7)
    killed = 0
    while killed < KILLS and len(peer.mails) < MAILS:
        _kill_in_mid_sending(gateway, peer, dice, days_ahead=killed)
        killed += 1
    gateway.start_service("mailgw", days_ahead=killed)
    wait_for(lambda: _open(transactions) == 0, "the end of the queue")
    gateway.kill("mailgw")

    double = _double(peer)
    print(f"{killed} kills, {len(peer.mails)} mails came, {len(double)} of them twice")
    assert {_id(mail) for mail in peer.mails} == {one.data.message_id for one in orders}
    assert killed >= KILLS // 2 and len(peer.mails) - MAILS <= killed
    last = {mail.connection: _id(mail) for mail in peer.mails}
    for message_id, came in double.items():
        for one in came[:-1]:
            assert last[one.connection] == message_id, "it was not in hand when it was killed"
        assert len({one.raw.partition(b"Message-ID")[2][:80] for one in came}) == 1
    with transactions.database.read() as connection:
        told = [row.type for row in transactions.outbox.log(connection, 0, 10_000)]
        attempts = dict(
            connection.execute(select(outgoing.c.message_id, outgoing.c.attempts)).all()
        )
    assert told.count("mail.sent") == MAILS and "mail.bounced" not in told
    assert all(attempts[message_id] >= len(came) for message_id, came in double.items())


def _kill_in_mid_sending(
    gateway: RunningSystem, peer: SmtpPeer, dice: random.Random, *, days_ahead: int
) -> None:
    """Start it, and kill it a moment after some mails have come.

    Each start is a day later: what the one before had in hand is due at once.
    """
    wanted = len(peer.mails) + dice.randint(1, 2 * MAILS // KILLS - 1)
    enough = threading.Event()

    def count(delivered: Delivered) -> None:
        if len(peer.mails) >= wanted:
            enough.set()

    peer.on_content = count
    gateway.start_service("mailgw", days_ahead=days_ahead)
    assert enough.wait(30) or len(peer.mails) >= MAILS, gateway.log("mailgw")[-2000:]
    threading.Event().wait(dice.uniform(0, 0.012))  # anywhere between two mails
    gateway.kill("mailgw")


def _open(transactions: Transactions) -> int:
    with transactions.database.read() as connection:
        question = select(func.count()).where(outgoing.c.status.in_(["queued", "sending"]))
        return int(connection.scalar(question) or 0)


def _double(peer: SmtpPeer) -> dict[str, list[Delivered]]:
    found: dict[str, list[Delivered]] = defaultdict(list)
    for mail in peer.mails:
        found[_id(mail)].append(mail)
    return {message_id: came for message_id, came in found.items() if len(came) > 1}


def _id(mail: Delivered) -> str:
    return parse(mail.raw).message_id
