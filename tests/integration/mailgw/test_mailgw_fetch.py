"""Fetching from a real Dovecot: nothing lost, nothing doubled, trouble told in words (M3, M12)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select
from support.dovecot import PASSWORD, DovecotServer

from services.mailgw.errors import MailWithheld, NotSettled, ServerRefused
from services.mailgw.incoming.fetch import Fetch, Taken
from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.mailbox import Mailbox, opened
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import raw_contents
from services.messaging.transaction import Transactions

ROOT = Path(__file__).parents[3]


def mail(number: int, size: int = 0) -> bytes:
    head = f"From: ann@customer.example\r\nSubject: Printer {number}\r\n\r\n"
    return (head + "x" * 70 + "\r\n").encode() + b"y" * size + b"\r\n"


def account(dovecot: DovecotServer) -> IncomingAccount:
    return IncomingAccount.model_validate(dovecot.account(id="a1"))


def stored(transactions: Transactions) -> list[bytes]:
    with transactions.database.read() as connection:
        question = select(raw_contents.c.content).order_by(raw_contents.c.mail_id)
        return [bytes(content) for content in connection.scalars(question)]


def fetched(
    transactions: Transactions, mailbox: Mailbox, stored: Callable[[], None] = lambda: None
) -> Taken:
    assert isinstance(mailbox, Folder)
    return Fetch(transactions, mailbox._account, mailbox, stored).run()


class Unmarkable(Folder):
    """A folder whose server takes no flags."""

    def settle(self, uids: Sequence[str]) -> None:
        raise NotSettled("over quota")


class Withholding(Folder):
    """A folder whose server does not hand out one mail, and so no list that holds it."""

    def contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        if self.uids()[2] in uids:
            raise MailWithheld("that one is damaged")
        return super().contents(uids)


class Witness(Folder):
    """Asks, when mails are marked, whether they were committed by then."""

    transactions: Transactions
    committed: list[int]

    def settle(self, uids: Sequence[str]) -> None:
        self.committed.append(len(stored(self.transactions)))
        super().settle(uids)


def as_kind(folder: Mailbox, kind: type[Folder]) -> Folder:
    assert isinstance(folder, Folder)
    folder.__class__ = kind
    return folder


def test_M3_new_mails_are_stored_whole_and_then_marked_seen(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    raws = [mail(number) for number in range(120)]
    for raw in raws:
        dovecot.append(raw)
    wakes: list[int] = []
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder, lambda: wakes.append(1)).new == 120
    assert stored(transactions) == raws
    assert len(wakes) == 3  # 120 mails in batches of 50
    assert dovecot.count("UNSEEN") == 0 and dovecot.count("ALL") == 120
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 0


def test_M3_marking_comes_behind_the_commit(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.append(mail(1))
    Witness.transactions, Witness.committed = transactions, []
    with opened(account(dovecot), PASSWORD) as folder:
        fetched(transactions, as_kind(folder, Witness))
    assert Witness.committed == [1]


def test_M3_what_could_not_be_marked_comes_again_and_is_kept_once(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.append(mail(1))
    with opened(account(dovecot), PASSWORD) as folder:
        taken = fetched(transactions, as_kind(folder, Unmarkable))
    assert taken.new == 1 and "over quota" in taken.trouble
    assert dovecot.count("UNSEEN") == 1
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 0
    assert dovecot.count("UNSEEN") == 0
    assert stored(transactions) == [mail(1)]


def test_M3_killed_between_storing_and_marking_nothing_is_lost_or_doubled(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    raws = [mail(number) for number in range(10)]
    for raw in raws:
        dovecot.append(raw)
    program = f"""
import os, signal
from services.mailgw.incoming import fetch, imap_folder, mailbox
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import inbox, outbox
from services.messaging.transaction import Transactions
from services.runtime.database import Database
database = Database({transactions.database.url!r}, {transactions.database.schema!r})
imap_folder.Folder.settle = lambda self, uids: os.kill(os.getpid(), signal.SIGKILL)
account = IncomingAccount.model_validate_json({account(dovecot).model_dump_json()!r})
with mailbox.opened(account, {PASSWORD!r}) as folder:
    fetch.Fetch(Transactions(database, outbox, inbox), account, folder).run()
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, timeout=60, check=False
    )
    assert ended.returncode == -9
    assert stored(transactions) == raws and dovecot.count("UNSEEN") == 10
    dovecot.append(mail(10))
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 1
    assert stored(transactions) == [*raws, mail(10)]
    assert dovecot.count("UNSEEN") == 0


def test_M12_a_mail_that_the_server_does_not_hand_out_holds_up_no_other(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    raws = [mail(number) for number in range(5)]
    for raw in raws:
        dovecot.append(raw)
    with opened(account(dovecot), PASSWORD) as folder:
        taken = fetched(transactions, as_kind(folder, Withholding))
    assert "1 that the server does not hand out" in taken.left
    assert stored(transactions) == raws[:2] + raws[3:]
    assert dovecot.count("UNSEEN") == 1


def test_M12_a_mail_marked_deleted_by_others_is_neither_taken_nor_expunged(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.append(mail(1))
    dovecot.append(mail(2))
    with dovecot.signed_in("support") as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Deleted)")
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 1
    assert dovecot.count("ALL") == 2


def test_M12_large_mails_are_taken_in_portions(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    raws = [mail(number, size=6_000_000) for number in range(4)]
    for raw in raws:
        dovecot.append(raw)
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 4
    assert stored(transactions) == raws


def test_M12_a_connection_dropped_half_way_keeps_what_was_stored(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    for number in range(60):
        dovecot.append(mail(number))
    breaks = iter([False, True])

    with pytest.raises(ServerRefused, match="port"), opened(account(dovecot), PASSWORD) as folder:
        fetched(transactions, folder, lambda: folder.break_off() if next(breaks) else None)
    assert len(stored(transactions)) == 60 and dovecot.count("UNSEEN") == 10
    with opened(account(dovecot), PASSWORD) as folder:
        assert fetched(transactions, folder).new == 0
    assert len(stored(transactions)) == 60 and dovecot.count("UNSEEN") == 0
