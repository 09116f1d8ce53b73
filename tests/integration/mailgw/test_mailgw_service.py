"""The gateway as it runs: a process on a real broker, a real Dovecot and a real SMTP server."""

from __future__ import annotations

import socket
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.mailgw.running_gateway import CASES, Running, until
from kombu.connection import Connection
from support.broker import BrokerServer
from support.dovecot import PASSWORD, DovecotServer
from support.smtp_peer import LOGIN, SmtpPeer
from support.smtp_peer import PASSWORD as SMTP_PASSWORD

from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.filing import FiledData, MailFiled
from services.contracts.mail import Address, MailSend, MailSendData, message_id_for
from services.mailgw.incoming.parse import parse
from services.messaging import topology
from services.runtime.clock import now
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id

MAIL = (
    b"From: Ann Lee <ann@customer.example>\r\nSubject: Printer\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is broken.\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\n"
    b"\x89PNG\r\n--b--\r\n"
)


@pytest.fixture
def gateway(broker: BrokerServer, tmp_path: Path) -> Iterator[Running]:
    made = Running(broker, tmp_path)
    with Connection(broker.uri) as connection:
        topology.declare(connection)
        for name in (CASES, "casewire.mailgw"):
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
    with pytest.raises(InvalidRequest, match="no approved account with a mailbox"):
        gateway.call("fetch_now", name="support")
    assert gateway.call("fetch_now") == {"stored": 0, "failed": {}}
    assert gateway.call("approve_account", direction="incoming", name="support")["approved"]
    answer = gateway.call("fetch_now", name="support")
    assert answer["failed"] in ({}, {"support": "it is being fetched already"})
    (event,) = gateway.events(1)
    assert event.type == "mail.received" and event.data.subject == "Printer"
    assert dovecot.count("UNSEEN") == 0

    (attached,) = event.data.attachments
    home = Path(gateway.environment["CASEWIRE_HOME"])
    assert FileStore(str(home / "attachments")).get(attached.sha256) == b"\x89PNG"
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
    gateway.publish(first, second, first)
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


def test_M4_what_the_cases_service_tells_of_a_mail_is_kept_among_orders(gateway: Running) -> None:
    assert gateway.command("deliver", stdin=MAIL) == 0
    (received,) = gateway.events(1)
    mail_id = received.data.mail_id
    told = FiledData(mail_id=mail_id, how="new", why="it opens one", case_number=101)
    filed = MailFiled(id=new_id(), occurred_at=now(), case_id=101, data=told)
    gateway.publish(order(), filed, order(), filed)
    until(lambda: gateway.call("get_mail", mail_id=mail_id)["filed"] == "new")
    page = gateway.call("list_mails", question={"case_number": 101})
    assert [item["id"] for item in page["items"]] == [mail_id]
    until(lambda: len(gateway.call("list_outgoing_mails", question={})["items"]) == 2)
    assert gateway.call("get_mail_source", mail_id=mail_id)["headers"].startswith("From: Ann Lee")
    with pytest.raises(InvalidRequest, match="give one of again, let_in, make_case"):
        gateway.call("act_on_mail", mail_id=mail_id, act="burn", actor={"kind": "system"})


def test_sending_many_mails_stalls_neither_the_doors_nor_mails_coming_in(
    gateway: Running, peer: SmtpPeer
) -> None:
    gateway.call("save_outgoing_account", account=peer.account())
    gateway.call("approve_account", direction="outgoing", name="out")
    gateway.publish(*(order() for _ in range(300)))
    waits: list[float] = []
    while len(peer.mails) < 300:
        began = time.monotonic()
        gateway.call("list_quarantine")
        waits.append(time.monotonic() - began)
    assert len(waits) > 20 and max(waits) < 3
    assert len({parse(mail.raw).message_id for mail in peer.mails}) == 300
    gateway.events(300)


def test_M12_servers_that_hang_do_not_hold_up_the_stop(gateway: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        where = {"server": "127.0.0.1", "port": hanging.getsockname()[1], "security": "none"}
        gateway.call("save_incoming_account", account={"name": "in", **where})
        out = {"name": "out", "address": "support@company.example", **where}
        gateway.call("save_outgoing_account", account=out)
        for direction, name in (("incoming", "in"), ("outgoing", "out")):
            gateway.call("approve_account", direction=direction, name=name)
        gateway.publish(order())
        assert gateway.command("deliver", stdin=MAIL) == 0
        assert gateway.events(1)[0].type == "mail.received"
        for _ in range(2):
            hanging.accept()  # both have called, and wait for a greeting
