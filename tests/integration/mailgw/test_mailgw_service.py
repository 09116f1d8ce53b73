"""The gateway as it runs: a process on a real broker, a real Dovecot and a real SMTP server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from kombu.connection import Connection
from support.broker import BrokerServer, free_port
from support.dovecot import PASSWORD, DovecotServer
from support.smtp_peer import LOGIN, SmtpPeer
from support.smtp_peer import PASSWORD as SMTP_PASSWORD

from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest, NotFound, ServiceAway
from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.contracts.messages import read_message
from services.mailgw.incoming.parse import parse
from services.messaging import topology
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.rpc_client import RpcClient
from services.runtime.clock import now
from services.runtime.identity import new_id

ROOT = Path(__file__).parents[3]
QUEUE = "casewire.cases"
MAIL = (
    b"From: Ann Lee <ann@customer.example>\r\nSubject: Printer\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is broken.\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\n"
    b"\x89PNG\r\n--b--\r\n"
)


class Running:
    """A gateway process, and what it tells the cases service."""

    def __init__(self, broker: BrokerServer, home: Path) -> None:
        self.broker = broker
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "AMQP_URI": broker.uri,
            "CASEWIRE_HOME": str(home),
            "MAILGW_PORT": str(self.port),
            "FETCH_INTERVAL_SECONDS": "1",
            "PYTHONWARNINGS": "ignore",
        }
        self.log = home / "log"
        self.rpc = RpcClient(broker.uri, timeout_seconds=10)
        self.process: subprocess.Popen[bytes] | None = None

    def call(self, method: str, **arguments: Any) -> Any:
        return self.rpc.call("mailgw", method, **arguments)

    def command(self, *arguments: str, stdin: bytes = b"") -> int:
        program = [sys.executable, "-m", "services.mailgw", *arguments]
        return subprocess.run(
            program, input=stdin, env=self.environment, cwd=ROOT, check=False
        ).returncode

    def start(self) -> None:
        program = [sys.executable, "-m", "services.mailgw", "run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                program, env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        until(self._answers)

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def page(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def events(self, wanted: int) -> list[Any]:
        """The messages in the queue of cases, once there are as many."""
        found: list[Envelope] = []
        with Connection(self.broker.uri) as connection:
            queue = topology.main_queue(QUEUE).bind(connection.default_channel)

            def taken() -> bool:
                message = queue.get(no_ack=True)
                if message is not None:
                    found.append(read_message(message.properties["type"], message.body))
                return len(found) >= wanted

            until(taken)
        return found

    def _answers(self) -> bool:
        try:
            return self.call("list_incoming_accounts") == []
        except ServiceAway:
            return False


def until(condition: Callable[[], bool], patience_seconds: float = 60) -> None:
    deadline = time.monotonic() + patience_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)


@pytest.fixture
def gateway(broker: BrokerServer, tmp_path: Path) -> Iterator[Running]:
    made = Running(broker, tmp_path)
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        for name in (QUEUE, "casewire.mailgw"):
            topology.main_queue(name).bind(connection.default_channel).purge()
    assert made.command("migrate") == 0
    made.start()
    yield made
    assert made.stop() == 0
    made.rpc.close()


def order(to: str = "ann@customer.example") -> MailSend:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, "support@company.example"),
        sender=Address(address="support@company.example", name="Support"),
        to=(Address(address=to),),
        subject="[101] Printer",
        text="It is on its way.",
    )
    return MailSend(id=command_id, occurred_at=now(), case_id=101, data=data)


def publish(gateway: Running, *orders: MailSend) -> None:
    publisher = Publisher(gateway.broker.uri)
    publisher.publish([Outgoing(o.id, o.type, o.model_dump_json()) for o in orders])
    publisher.close()


def test_M3_a_mail_in_the_mailbox_is_fetched_by_hand_and_by_itself(
    gateway: Running, dovecot: DovecotServer
) -> None:
    saved = gateway.call("save_incoming_account", account=dovecot.account(password=PASSWORD))
    assert saved["has_password"] and "password" not in saved and not saved["approved"]
    assert gateway.call("test_account", direction="incoming", name="support") == {
        "ok": True,
        "why": "",
    }
    dovecot.append(MAIL)
    with pytest.raises(InvalidRequest, match="no approved IMAP account"):
        gateway.call("fetch_now", name="support")
    assert gateway.call("fetch_now") == {"stored": 0, "failed": {}}
    assert gateway.call("approve_account", direction="incoming", name="support")["approved"]
    answer = gateway.call("fetch_now", name="support")
    assert answer["failed"] in ({}, {"support": "it is being fetched already"})
    (event,) = gateway.events(1)
    assert event.type == "mail.received" and event.data.subject == "Printer"
    assert dovecot.count("UNSEEN") == 0

    (attached,) = event.data.attachments
    content = gateway.call("get_attachment", mail_id=event.data.mail_id, part=attached.part)
    assert content["filename"] == "a.png" and b64decode(content["content_base64"]) == b"\x89PNG"
    with pytest.raises(NotFound, match="no attachment 7"):
        gateway.call("get_attachment", mail_id=event.data.mail_id, part=7)

    dovecot.append(MAIL.replace(b"Printer", b"Scanner"))
    assert gateway.events(1)[0].data.subject == "Scanner"
    page = gateway.page("/metrics")
    assert "casewire_mails_fetched_total 2.0" in page and "casewire_mails_stored_total 2.0" in page


def test_M9_a_piped_mail_is_taken_at_once_and_an_unreadable_one_is_shown(gateway: Running) -> None:
    assert gateway.command("deliver", stdin=MAIL) == 0
    began = time.monotonic()
    (event,) = gateway.events(1)
    assert event.data.account == "pipe" and time.monotonic() - began < 5
    assert gateway.command("deliver", stdin=b"\x00\x01") == 0
    until(lambda: bool(gateway.call("list_quarantine")))
    (entry,) = gateway.call("list_quarantine", limit=10)
    assert entry["account"] == "pipe" and "no usable sender" in entry["why"]
    assert gateway.page("/readyz").startswith('{"ready": true')


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_M6_an_order_waits_for_an_account_is_sent_and_told_of(gateway: Running) -> None:
    peer = SmtpPeer(login_wanted=True, refusals={"bob@customer.example": "550 no such user"})
    peer.start()
    first, second = order(), order("bob@customer.example")
    publish(gateway, first, second, first)
    until(lambda: "casewire_mails_waiting_to_send 2.0" in gateway.page("/metrics"))
    account = peer.account(login=LOGIN, password="wrong")
    gateway.call("save_outgoing_account", account=account)
    told = gateway.call("test_account", direction="outgoing", name="out")
    assert not told["ok"] and "refuses the login" in told["why"]
    (known,) = gateway.call("list_outgoing_accounts")
    change = {"id": known["id"], "password": SMTP_PASSWORD}
    gateway.call("save_outgoing_account", account=change)
    gateway.call("approve_account", direction="outgoing", name="out")
    events = {event.data.command_id: event for event in gateway.events(2)}
    assert events[first.id].type == "mail.sent" and events[first.id].case_id == 101
    assert events[second.id].type == "mail.bounced"
    assert "no such user" in events[second.id].data.why
    (mail,) = peer.mails
    assert parse(mail.raw).message_id == first.data.message_id
    page = gateway.page("/metrics")
    assert "casewire_mails_sent_total 1.0" in page
    assert "casewire_mails_send_failed_total 1.0" in page
    log = gateway.log.read_text()
    assert SMTP_PASSWORD not in log and "wrong" not in log
    peer.stop()


def test_sending_many_mails_stalls_neither_the_doors_nor_mails_coming_in(
    gateway: Running, peer: SmtpPeer
) -> None:
    gateway.call("save_outgoing_account", account=peer.account())
    gateway.call("approve_account", direction="outgoing", name="out")
    publish(gateway, *(order() for _ in range(300)))
    slowest = 0.0
    while len(peer.mails) < 300:
        began = time.monotonic()
        gateway.call("list_quarantine")
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1.5
    assert len({parse(mail.raw).message_id for mail in peer.mails}) == 300
    gateway.events(300)
