"""Fetching the new mails of one mailbox: each is stored, and only then marked, moved or deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from services.mailgw import fetched_mails, metrics
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.errors import MailWithheld, NotSettled
from services.mailgw.incoming.deadline import allowed_seconds, deadline
from services.mailgw.incoming.mailbox import Mailbox
from services.mailgw.incoming.room import Room
from services.mailgw.model.accounts import IncomingAccount
from services.messaging.transaction import Transactions

LISTED_AT_ONCE = fetched_mails.PORTION
BATCH_MAILS = 50
BATCH_BYTES = 8 * 1024 * 1024
MOST_MAIL_BYTES = 100 * 1024 * 1024


@dataclass
class Taken:
    """What a fetch came to: the mails that had not been stored before, those left in the mailbox
    because they are too large or not handed out, and why stored ones stay new on the server."""

    new: int = 0
    large: int = 0
    withheld: int = 0
    unsettled: str = ""

    @property
    def left(self) -> str:
        """What was not taken, in words; empty when everything was."""
        parts = []
        if self.large:
            parts.append(f"{self.large} larger than {MOST_MAIL_BYTES // 1024**2} MB")
        if self.withheld:
            parts.append(f"{self.withheld} that the server does not hand out")
        return f"mails were left in the mailbox: {', '.join(parts)}" if parts else ""

    @property
    def trouble(self) -> str:
        """What an operator should know of, in words; empty when all went well."""
        return "; ".join(one for one in (self.left, self.unsettled) if one)


@dataclass(frozen=True)
class Fetch:
    """One fetch of one mailbox.

    `stored` is called behind each commit, `going_on` is asked before each batch.
    """

    transactions: Transactions
    account: IncomingAccount
    mailbox: Mailbox
    stored: Callable[[], None] = lambda: None
    going_on: Callable[[], bool] = lambda: True
    room: Room = field(default_factory=lambda: Room(BATCH_BYTES))
    taken: Taken = field(default_factory=Taken)

    def run(self) -> Taken:
        """Store the new mails, a portion at a time, and settle with the server about each.

        A mail is settled only behind the commit that keeps it. One that the server does not let
        be marked, moved or deleted is remembered, and settled by a later fetch if it can be.
        When the connection breaks before that, it comes again, and is known by its bytes. What
        is withheld or too large holds up no other.
        """
        remembered = self._remembered()
        met = 0
        uids = self.mailbox.uids()
        for start in range(0, len(uids), LISTED_AT_ONCE):
            if not self.going_on():
                return self.taken
            portion = uids[start : start + LISTED_AT_ONCE]
            known = self._known(portion) if remembered else set()
            met += len(known)
            self._settle([uid for uid in portion if uid in known])
            self._take([uid for uid in portion if uid not in known])
        if remembered > met:
            with self.transactions.begin() as transaction:
                fetched_mails.forget_gone(
                    transaction.connection, self.account.id, self.mailbox.key, frozenset(uids)
                )
        return self.taken

    def _remembered(self) -> int:
        """How many mails of this mailbox are remembered; those of a former one are forgotten."""
        account, key = self.account.id, self.mailbox.key
        with self.transactions.database.read() as connection:
            count = fetched_mails.count(connection, account, key)
            others = fetched_mails.has_other_mailboxes(connection, account, key)
        if others:
            with self.transactions.begin() as transaction:
                fetched_mails.forget_other_mailboxes(transaction.connection, account, key)
        return count

    def _known(self, uids: Sequence[str]) -> set[str]:
        with self.transactions.database.read() as connection:
            return fetched_mails.known(connection, self.account.id, self.mailbox.key, uids)

    def _take(self, uids: Sequence[str]) -> None:
        if not uids:
            return
        sizes = self.mailbox.sizes(uids)
        takable = [(uid, size) for uid, size in sizes.items() if size <= MOST_MAIL_BYTES]
        self.taken.large += len(sizes) - len(takable)
        for batch in _batches(takable):
            if not self.going_on():
                return
            size = sum(sizes[uid] for uid in batch)
            with self.room.taken(size):
                stored = self._store(batch, size)
            self._settle(stored)

    def _store(self, uids: Sequence[str], size: int) -> list[str]:
        """Commit these mails; the names of those that the server handed out."""
        with deadline(allowed_seconds(size), self.mailbox.break_off):
            contents = self._contents(uids)
        metrics.FETCHED.inc(len(contents))
        names = list(contents)
        remembers = self.mailbox.remembers and self.mailbox.key
        kept = store_mails(
            self.transactions,
            self.account.name,
            list(contents.values()),
            also=lambda connection: fetched_mails.remember(
                connection, self.account.id, self.mailbox.key, names if remembers else []
            ),
        )
        metrics.STORED.inc(kept.new)
        self.taken.new += kept.new
        self.stored()
        return names

    def _contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        try:
            return self.mailbox.contents(uids)
        except MailWithheld:
            if len(uids) == 1:
                self.taken.withheld += 1
                return {}
        found: dict[str, bytes] = {}
        for uid in uids:
            found |= self._contents([uid])
        return found

    def _settle(self, uids: Sequence[str]) -> None:
        """Do with these, which are stored, what the account says; remember them if it fails.

        Once it has failed it is not tried again for the rest of this fetch.
        """
        if not uids:
            return
        if not self.taken.unsettled:
            try:
                self.mailbox.settle(uids)
                return
            except NotSettled as error:
                self.taken.unsettled = f"stored mails stay new on the server: {error}"
        if self.mailbox.key:
            with self.transactions.begin() as transaction:
                fetched_mails.remember(
                    transaction.connection, self.account.id, self.mailbox.key, uids
                )


def _batches(mails: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """The names in portions that fit in memory together."""
    batch: list[str] = []
    room = BATCH_BYTES
    for uid, size in mails:
        if batch and (len(batch) >= BATCH_MAILS or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(uid)
        room -= size
    if batch:
        yield batch
