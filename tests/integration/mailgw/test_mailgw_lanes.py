"""Sending for several accounts, without any, and by a process that is killed (M1, M12)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from support.smtp_peer import Delivered, SmtpPeer

from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw import account_states, accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.incoming.parse import parse
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.lanes import NO_ACCOUNT, Sending
from services.mailgw.tables import outgoing as queue
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id

ROOT = Path(__file__).parents[3]


def order(sender: str = "support@company.example") -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, sender),
        sender=Address(address=sender),
        to=(Address(address="ann@customer.example"),),
        subject="[101] Printer",
        text="Hello.",
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101, data=data)


def states(transactions: Transactions) -> list[tuple[str, int, str]]:
    with transactions.database.read() as connection:
        question = select(queue.c.status, queue.c.attempts, queue.c.why).order_by(queue.c.id)
        return [tuple(row) for row in connection.execute(question)]


def until(condition: Callable[[], bool], patience_seconds: float = 30) -> None:
    deadline = time.monotonic() + patience_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def another(transactions: Transactions, vault: Vault) -> Sending:
    files = FileStore("memory://no mail here has one")
    return Sending(transactions, vault, files, lambda function, *arguments: function(*arguments))


@pytest.fixture
def sending(transactions: Transactions, vault: Vault) -> Iterator[Sending]:
    made = another(transactions, vault)
    yield made
    made.close()


def save(transactions: Transactions, vault: Vault, peer: SmtpPeer, **fields: object) -> None:
    with transactions.database.write() as connection:
        save_account(connection, vault, "outgoing", peer.account(**fields))


def test_M1_without_an_approved_account_a_mail_waits_and_says_so(
    transactions: Transactions, vault: Vault, peer: SmtpPeer, sending: Sending
) -> None:
    save(transactions, vault, peer)
    queue_mails(transactions, [order()])
    sending.round()
    assert states(transactions) == [("queued", 0, NO_ACCOUNT)]
    with transactions.database.write() as connection:
        accounts.approve(connection, "outgoing", "out")
    sending.round()
    until(lambda: states(transactions) == [("sent", 1, "")])


def test_M1_each_address_goes_by_its_account_and_the_rest_by_the_first(
    transactions: Transactions, vault: Vault, peer: SmtpPeer, sending: Sending
) -> None:
    for name, address in (("first", "a@company.example"), ("second", "B@company.example")):
        save(transactions, vault, peer, name=name, address=address)
        with transactions.database.write() as connection:
            accounts.approve(connection, "outgoing", name)
    froms = ["b@company.example", "sales@company.example", "", "a@company.example"]
    queue_mails(transactions, [order(one) for one in froms])
    sending.round()
    until(lambda: len(peer.mails) == 4)
    found = {(mail.sender, parse(mail.raw).sender.address) for mail in peer.mails}
    assert found == {
        ("B@company.example", "b@company.example"),
        ("a@company.example", "sales@company.example"),
        ("a@company.example", "a@company.example"),
    }


def test_M12_a_dead_server_holds_up_no_other_account(
    transactions: Transactions, vault: Vault, peer: SmtpPeer, sending: Sending
) -> None:
    dead = SmtpPeer()
    save(transactions, vault, dead, name="dead", address="dead@company.example")
    save(transactions, vault, peer, name="out")
    with transactions.database.write() as connection:
        accounts.approve(connection, "outgoing", "dead")
        accounts.approve(connection, "outgoing", "out")
    queue_mails(transactions, [order("dead@company.example"), order()])
    sending.round()
    until(lambda: [status for status, _, _ in states(transactions)] == ["queued", "sent"])
    until(lambda: "refuses connections" in states(transactions)[0][2])

    def fares() -> dict[str, tuple[int, int, str]]:
        with transactions.database.read() as connection:
            names = {one.id: one.name for one in accounts.outgoing(connection)}
            found = account_states.of_all(connection)
        told = ("passed", "failures", "last_error")
        return {names[id_]: tuple(one[name] for name in told) for id_, one in found.items()}

    until(lambda: len(fares()) == 2)
    assert fares()["out"] == (1, 0, "")
    passed, failures, why = fares()["dead"]
    assert (passed, failures) == (0, 1) and "refuses connections" in why


def test_one_process_sends_at_a_time(
    transactions: Transactions,
    outgoing: OutgoingAccount,
    vault: Vault,
    peer: SmtpPeer,
    sending: Sending,
) -> None:
    other = another(transactions, vault)
    other.round()
    queue_mails(transactions, [order()])
    sending.round()
    assert states(transactions) == [("queued", 0, "")]
    other.close()
    # The lock is free once PostgreSQL has seen that the connection is gone.
    until(lambda: sending.round() is None and len(peer.mails) == 1)


PROGRAM = """
import sys, time
from pathlib import Path
from services.mailgw.outgoing.lanes import Sending
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.database import Database
database = Database(sys.argv[1], sys.argv[2] or None)
sending = Sending(Transactions(database, outbox, inbox), Vault(Path(sys.argv[3])), None, None)
while True:
    sending.round()
    time.sleep(0.02)
"""


def test_M12_killed_in_mid_sending_at_most_one_mail_comes_twice_and_none_is_lost(
    transactions: Transactions, outgoing: OutgoingAccount, vault: Vault, peer: SmtpPeer
) -> None:
    orders = [order() for _ in range(60)]
    queue_mails(transactions, orders)
    struck = threading.Event()

    def strike(delivered: Delivered) -> None:
        """The server has the mail; the sender dies before it hears of it."""
        if len(peer.mails) == 25 and not struck.is_set():
            struck.set()
            os.kill(process.pid, signal.SIGKILL)

    peer.on_content = strike
    database = transactions.database
    arguments = [database.url, database.schema or "", "no key is needed"]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.wait(60) == -9
    assert len(peer.mails) == 25
    with time_machine.travel(now().replace(year=now().year + 1), tick=True):
        again = another(transactions, vault)
        until(lambda: again.round() is None and {s for s, _, _ in states(transactions)} == {"sent"})
        again.close()
    seen = [parse(mail.raw).message_id for mail in peer.mails]
    assert set(seen) == {command.data.message_id for command in orders}
    assert len(seen) == 61
    with database.read() as connection:
        assert transactions.outbox.waiting(connection)[0] == 60
