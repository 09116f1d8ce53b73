"""Attachments by the hash of their bytes, in and out, and with a store that fails (K3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import fsspec
import pytest
import time_machine
from support.smtp_peer import SmtpPeer

from services.contracts.mail import Address, Attachment, MailSend, MailSendData, message_id_for
from services.mailgw.actions.process_stored_mails import process_stored_mails
from services.mailgw.actions.queue_mail import queue_mails
from services.mailgw.actions.send_due_mails import WAITS_FOR_FILES, Sender, send_due_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.incoming.parse import parse
from services.mailgw.model.retry_pauses import pause_after
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
LATIN = "Grüße".encode("latin-1")


def mail(number: int) -> bytes:
    return (
        b"From: ann@customer.example\r\nSubject: Printer %d\r\n"
        % number
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nIt is broken.\r\n"
        b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        b"Content-Disposition: attachment; filename=log.txt\r\n\r\n" + LATIN + b"\r\n--b--\r\n"
    )


def received(told: Told) -> list[Attachment]:
    return [
        Attachment.model_validate(one)
        for kind, event in told()
        if kind == "mail.received"
        for one in event["data"]["attachments"]
    ]


def uploaded(files: FileStore, content: bytes = b"%PDF bytes", name: str = "a.pdf") -> Attachment:
    return Attachment(
        sha256=files.put(content),
        filename=name,
        content_type="application/pdf",
        size_bytes=len(content),
    )


def ordered(transactions: Transactions, *attachments: Attachment) -> None:
    command_id = new_id()
    data = MailSendData(
        purpose="reply",
        message_id=message_id_for(command_id, "support@company.example"),
        sender=Address(address="support@company.example"),
        to=(Address(address="ann@customer.example"),),
        subject="[101] Printer",
        text="It is on its way.",
        attachments=attachments,
        message_number=3,
    )
    queue_mails(transactions, [MailSend(id=command_id, occurred_at=now(), case_id=101, data=data)])


def sent_without(told: Told) -> list[str]:
    return [event["data"]["why"] for kind, event in told() if kind == "mail.sent"]


@pytest.fixture
def broken(tmp_path: Path) -> FileStore:
    """A store whose storage does not work: there is a file where its folder should be."""
    (tmp_path / "no folder").write_text("")
    return FileStore(str(tmp_path / "no folder"))


@pytest.mark.parametrize("where", ["folder", "memory"])
def test_K3_the_same_attachment_of_two_mails_is_kept_once(
    transactions: Transactions, told: Told, tmp_path: Path, where: str
) -> None:
    url = str(tmp_path / "kept") if where == "folder" else f"memory://{new_id()}"
    store_mails(transactions, "pipe", [mail(1), mail(2)])
    ran: list[Any] = []

    def run(function: Any, *arguments: Any) -> Any:
        ran.append(function)
        return function(*arguments)

    process_stored_mails(transactions, FileStore(url), run_blocking=run)
    first, second = received(told)
    assert first.sha256 == second.sha256 and first.mail_id != second.mail_id
    assert (first.charset, first.part, first.size_bytes) == ("iso-8859-1", 1, len(LATIN))
    assert FileStore(url).get(first.sha256) == LATIN
    opened, root = fsspec.core.url_to_fs(url)
    assert len(opened.find(root)) == 1
    assert len(ran) == 2, "the store is written in a real thread"


def test_K3_a_mail_does_not_wait_for_a_store_that_is_away(
    transactions: Transactions, broken: FileStore, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    (mail_id,) = store_mails(transactions, "pipe", [mail(1)]).ids
    assert process_stored_mails(transactions, broken) == 1
    (attachment,) = received(told)
    assert (attachment.sha256, attachment.mail_id) == ("", mail_id)
    ordered(transactions, attachment)
    send_due_mails(replace(sender, files=broken))
    (part,) = parse(peer.mails[0].raw).attachments
    assert part.content == LATIN, "from the raw mail"


def test_K3_attachments_go_out_by_their_hash_in_their_order(
    transactions: Transactions, files: FileStore, sender: Sender, peer: SmtpPeer, told: Told
) -> None:
    text = uploaded(files, LATIN, "log.txt").model_copy(
        update={"content_type": "text/plain", "charset": "iso-8859-1"}
    )
    ordered(transactions, uploaded(files, b"x" * 99, "b.pdf"), text, uploaded(files))
    assert send_due_mails(sender) == 1
    parts = message_from_bytes(peer.mails[0].raw).walk()
    found = [part for part in parts if part.get_filename()]
    # The small come first: they fit where a large one may not.
    assert [part.get_filename() for part in found] == ["log.txt", "a.pdf", "b.pdf"]
    assert found[0].get_payload(decode=True) == LATIN
    assert found[0].get_content_charset() == "iso-8859-1"
    assert found[1].get_payload(decode=True) == b"%PDF bytes"
    assert sent_without(told) == [""]


def test_K3_a_file_that_is_gone_or_damaged_is_named_in_the_mail_and_to_its_writer(
    sender: Sender,
    peer: SmtpPeer,
    told: Told,
    tmp_path: Path,
) -> None:
    damaged = uploaded(sender.files, b"whole", "damaged.pdf")
    (path,) = (p for p in (tmp_path / "attachments").rglob("*") if p.is_file())
    path.write_bytes(b"wrong")
    gone = damaged.model_copy(update={"sha256": "0" * 64, "filename": "gone.pdf"})
    ordered(sender.transactions, damaged, gone, uploaded(sender.files))
    assert send_due_mails(sender) == 1
    seen = parse(peer.mails[0].raw)
    assert [part.filename for part in seen.attachments] == ["a.pdf"]
    assert "It is on its way." in seen.text
    assert "[Not attached, for they are too large or gone: damaged.pdf (1 KB), gone" in seen.text
    assert sent_without(told) == ["without damaged.pdf, gone.pdf, too large or gone"]


def test_K3_what_the_store_lost_is_taken_from_the_mail_it_came_by(
    sender: Sender,
    peer: SmtpPeer,
    told: Told,
    tmp_path: Path,
) -> None:
    store_mails(sender.transactions, "pipe", [mail(1)])
    process_stored_mails(sender.transactions, sender.files)
    (attachment,) = received(told)
    for path in (tmp_path / "attachments").rglob("*"):
        if path.is_file():
            path.unlink()
    ordered(sender.transactions, attachment)
    send_due_mails(sender)
    assert parse(peer.mails[0].raw).attachments[0].content == LATIN
    assert sent_without(told) == [""]


def test_K3_a_mail_waits_for_a_store_that_is_away_and_goes_with_its_file(
    broken: FileStore,
    sender: Sender,
    peer: SmtpPeer,
    told: Told,
) -> None:
    ordered(sender.transactions, uploaded(sender.files))
    send_due_mails(replace(sender, files=broken))
    assert peer.mails == [] and told() == []
    with time_machine.travel(now() + pause_after(1) + timedelta(seconds=1), tick=True):
        assert send_due_mails(sender) == 1
    assert parse(peer.mails[0].raw).attachments[0].content == b"%PDF bytes"


def test_K3_a_mail_waits_about_an_hour_and_then_its_words_go_alone(
    broken: FileStore,
    sender: Sender,
    peer: SmtpPeer,
    told: Told,
) -> None:
    ordered(sender.transactions, uploaded(sender.files))
    away, at = replace(sender, files=broken), now()
    for attempt in range(1, WAITS_FOR_FILES + 1):
        assert peer.mails == []
        with time_machine.travel(at, tick=False):
            assert send_due_mails(away) == 1
        at += pause_after(attempt) + timedelta(seconds=1)
    assert "[Not attached" in parse(peer.mails[0].raw).text
    assert sent_without(told) == ["without a.pdf, too large or gone"]
