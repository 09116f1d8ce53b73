"""Old originals are dropped; their attachments can be had all the same, by every way there is."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from integration.mailgw.test_mailgw_attachments import LATIN, mail, ordered
from sqlalchemy import func, select
from support.smtp_peer import SmtpPeer

from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.filing import FiledData, MailFiled
from services.contracts.mail import Attachment
from services.mailgw import mail_list, originals
from services.mailgw.actions.act_on_mail import act_on_mail
from services.mailgw.actions.drop_originals import drop_originals
from services.mailgw.actions.note_filings import note_filings
from services.mailgw.actions.process_stored_mails import process_stored_mails, run_here
from services.mailgw.actions.read_attachment import read_kept_part
from services.mailgw.actions.send_due_mails import Sender, send_due_mails
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.incoming.parse import parse
from services.mailgw.tables import raw_contents
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.file_store import FileStore, FileStoreAway
from services.runtime.identity import new_id

LATER = timedelta(days=1)


@pytest.fixture
def broken(tmp_path: Path) -> FileStore:
    """A store whose storage does not work: there is a file where its folder should be."""
    (tmp_path / "no folder").write_text("")
    return FileStore(str(tmp_path / "no folder"))


def filed(transactions: Transactions, mail_id: str, how: str = "new") -> None:
    data = FiledData(mail_id=mail_id, how=how, why="", case_number=101, message_number=1)
    note_filings(transactions, [MailFiled(id=new_id(), occurred_at=now(), data=data)])


def drop(transactions: Transactions, files: FileStore, ago: timedelta = -LATER) -> int:
    """Drop what came before a moment, by default tomorrow."""
    return drop_originals(transactions.database, files, now() - ago, run_here)


def kept(transactions: Transactions) -> int:
    with transactions.database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(raw_contents)) or 0)


def test_only_old_mails_whose_place_is_known_are_dropped(
    transactions: Transactions, files: FileStore
) -> None:
    unreadable = b"Subject: Nobody wrote this\r\n\r\nboo\r\n"
    ids = store_mails(transactions, "pipe", [mail(1), mail(2), unreadable]).ids
    process_stored_mails(transactions, files)
    (later,) = store_mails(transactions, "pipe", [mail(3)]).ids
    filed(transactions, ids[0])
    assert drop(transactions, files, LATER) == 0, "it is young"
    assert drop(transactions, files) == 1
    with transactions.database.read() as connection:
        dropped = {one: mail_list.view(connection, one).dropped_at for one in (*ids, later)}
    assert [one for one, at in dropped.items() if at] == [ids[0]]
    assert kept(transactions) == 3
    assert drop(transactions, files) == 0


def test_an_attachment_that_was_only_in_the_original_is_kept_and_goes_out(
    transactions: Transactions,
    files: FileStore,
    broken: FileStore,
    sender: Sender,
    peer: SmtpPeer,
) -> None:
    (mail_id,) = store_mails(transactions, "pipe", [mail(1)]).ids
    process_stored_mails(transactions, broken)
    filed(transactions, mail_id)
    with pytest.raises(FileStoreAway):
        drop(transactions, broken)
    assert kept(transactions) == 1, "the store has to have it first"
    assert drop(transactions, files) == 1
    attachment = Attachment(
        mail_id=mail_id,
        part=1,
        filename="log.txt",
        content_type="text/plain",
        size_bytes=len(LATIN),
    )
    with transactions.database.read() as connection:
        (part,) = originals.kept_parts_of(connection, mail_id).values()
    answer = read_kept_part(files, part)
    assert base64.b64decode(answer["content_base64"]) == LATIN
    assert answer["filename"] == "log.txt"
    ordered(transactions, attachment)
    send_due_mails(replace(sender, files=files))
    (sent,) = parse(peer.mails[0].raw).attachments
    assert sent.content == LATIN


def test_what_needs_the_original_is_refused_in_words(
    transactions: Transactions, files: FileStore
) -> None:
    (mail_id,) = store_mails(transactions, "pipe", [mail(1)]).ids
    process_stored_mails(transactions, files)
    filed(transactions, mail_id, "aside")
    drop(transactions, files)
    with transactions.database.read() as connection:
        assert mail_list.view(connection, mail_id).may == ()
        with pytest.raises(NotFound, match="original of the mail"):
            mail_list.piece(connection, mail_id, 0, 10)
    with pytest.raises(InvalidRequest, match="not kept any more"):
        act_on_mail(transactions, mail_id, "make_case", Actor(kind="user", id=1, name="Eve"))
