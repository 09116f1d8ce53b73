"""What an outgoing account settles for its mails: how large they are, and who signs them."""

from __future__ import annotations

import logging
from base64 import b64encode
from dataclasses import replace
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import select
from support.smtp_peer import SmtpPeer
from support.system import wait_for

from services.contracts.mail import Address, Attachment, MailSend, MailSendData, message_id_for
from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.incoming.parse import parse
from services.mailgw.outgoing.lanes import Sending
from services.mailgw.tables import outgoing as queue
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id


def order(**fields: Any) -> MailSend:
    command_id = new_id()
    known: dict[str, Any] = {
        "purpose": "reply",
        "message_id": message_id_for(command_id, "support@company.example"),
        "sender": Address(address="support@company.example", name="Support"),
        "to": (Address(address="ann@customer.example"),),
        "subject": "[101] Printer",
        "text": "It is on its way.\n",
    }
    return MailSend(
        id=command_id, occurred_at=now(), case_id=101, data=MailSendData(**known | fields)
    )


def rows(transactions: Transactions) -> list[dict[str, Any]]:
    with transactions.database.read() as connection:
        question = select(queue).order_by(queue.c.id)
        return [dict(row) for row in connection.execute(question).mappings()]


def test_M6_attachments_go_out_up_to_the_size_of_the_account(
    transactions: Transactions, sender: Sender, peer: SmtpPeer
) -> None:
    raw = b"From: a@b.example\r\nContent-Type: image/png; name=p.png\r\n\r\n" + b"x" * 1_100_000
    (mail_id,) = store_mails(transactions, "pipe", [raw]).ids
    photo = Attachment(
        mail_id=mail_id, part=0, filename="p.png", content_type="image/png", size_bytes=1_100_000
    )
    for megabytes, names in ((2, ["p.png"]), (1, []), (0, [])):
        account = sender.account.model_copy(update={"most_megabytes": megabytes})
        queue_mails(transactions, [order(attachments=(photo,))])
        send_due_mails(replace(sender, account=account))
        mail = parse(peer.mails[-1].raw)
        assert [one.filename for one in mail.attachments] == names
        assert ("p.png (1 MB)" in mail.text) is (names == [])


KEY = rsa.generate_private_key(65537, 2048)


def published(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"mail._domainkey.company.example."
    spki = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; p=" + b64encode(spki)


def test_M1_an_account_with_a_key_signs_and_one_with_a_broken_key_waits(
    transactions: Transactions, vault: Vault, peer: SmtpPeer
) -> None:
    def save(**fields: object) -> None:
        with transactions.database.write() as connection:
            known = accounts.outgoing(connection)
            same = {"id": known[0].id} if known else {}
            save_account(connection, vault, "outgoing", {**peer.account(**fields), **same})
            accounts.approve(connection, "outgoing", "out")

    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    save(dkim_selector="not a name", dkim_key=pem)
    by = Sending(transactions, vault, FileStore("memory://none"), lambda f, *a: f(*a))
    queue_mails(transactions, [order()])
    by.round()
    wait_for(lambda: "selector" in rows(transactions)[0]["why"], "the reason")
    assert peer.mails == [] and rows(transactions)[0]["attempts"] == 0
    by.close()
    save(dkim_selector="mail", dkim_key=pem)
    by = Sending(transactions, vault, FileStore("memory://none"), lambda f, *a: f(*a))
    by.round()
    wait_for(lambda: peer.mails, "the mail")
    by.close()
    raw = peer.mails[0].raw
    assert dkim.verify(raw, logger=logging.getLogger("dkim"), dnsfunc=published)
    assert not dkim.verify(raw.replace(b"on its way", b"in the way"), dnsfunc=published)
