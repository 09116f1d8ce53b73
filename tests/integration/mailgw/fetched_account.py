"""One account of the test Dovecot, and fetching it as the gateway does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from support.dovecot import PASSWORD, DovecotServer

from services.mailgw.incoming.fetch import Fetch, Taken
from services.mailgw.incoming.mailbox import Mailbox, opened
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import fetched_mails, raw_contents
from services.messaging.transaction import Transactions

Prepare = Callable[[Any], None]


def mail(number: int, size: int = 0) -> bytes:
    """A small mail that no other number gives, or one with so many bytes more."""
    head = f"From: ann@customer.example\r\nSubject: Printer {number}\r\n\r\n"
    return head.encode() + b"It is broken.\r\n" + b"y" * size + b"\r\n" * bool(size)


class FetchedAccount:
    """The account, and what is stored and remembered of it."""

    def __init__(self, dovecot: DovecotServer, transactions: Transactions, **fields: Any) -> None:
        pop3 = fields.get("protocol") == "pop3"
        known = dovecot.pop3_account() if pop3 else dovecot.account()
        self.account = IncomingAccount.model_validate({**known, "id": "a1", **fields})
        self.transactions = transactions

    def fetch(self, prepare: Prepare = lambda mailbox: None) -> Taken:
        """Fetch it once; `prepare` may change the opened mailbox before."""
        with opened(self.account, PASSWORD, timeout=20) as mailbox:
            prepare(mailbox)
            return self.fetch_opened(mailbox)

    def fetch_opened(self, mailbox: Mailbox) -> Taken:
        """Fetch a mailbox that is open."""
        return Fetch(self.transactions, self.account, mailbox).run()

    def stored(self) -> list[bytes]:
        """The bytes of all mails, in the order in which they were stored."""
        with self.transactions.database.read() as connection:
            question = select(raw_contents.c.content).order_by(raw_contents.c.mail_id)
            return [bytes(content) for content in connection.scalars(question)]

    def remembered(self) -> int:
        """How many mails are remembered as fetched."""
        with self.transactions.database.read() as connection:
            return len(connection.execute(select(fetched_mails)).all())
