"""Fetching one account: its turn among all processes, its mailbox, and how it went."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.mailgw.credentials import Credentials
from services.mailgw.errors import FetchedElsewhere, LoginRefused
from services.mailgw.incoming.fetch import Fetch, Taken
from services.mailgw.incoming.mailbox import Mailbox, opened
from services.mailgw.incoming.room import Room
from services.mailgw.incoming.standing import Standing
from services.mailgw.leases import Leases
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions

ROOM_BYTES = 128 * 1024 * 1024


class Fetcher:
    """Fetches one account at a time in each thread; `stored` is called behind each commit."""

    def __init__(
        self,
        transactions: Transactions,
        vault: Vault,
        stored: Callable[[], None],
        standing: Standing,
    ) -> None:
        self.leases = Leases(transactions.database)
        self.standing = standing
        self.stopping = threading.Event()
        self._transactions = transactions
        self._credentials = Credentials(transactions.database, vault)
        self._stored = stored
        self._room = Room(ROOM_BYTES)

    def fetch(self, account: IncomingAccount) -> Taken:
        """Open the mailbox and fetch it.

        Raises FetchedElsewhere, ServerRefused, UnreadableKey.
        """
        with self._turn(account) as going_on, self._noted(account):
            with self.opened(account) as mailbox:
                taken = self._run(account, mailbox, going_on)
            self.standing.succeeded(account, taken)
            return taken

    def fetch_opened(self, account: IncomingAccount, mailbox: Mailbox) -> Taken:
        """Fetch a mailbox that is open already. Raises what `fetch` raises, and what the
        connection does."""
        with self._turn(account) as going_on:
            taken = self._run(account, mailbox, going_on)
            self.standing.succeeded(account, taken)
            return taken

    @contextmanager
    def opened(self, account: IncomingAccount) -> Iterator[Mailbox]:
        """The account's mailbox. Raises ServerRefused, UnreadableKey."""
        secret = self._credentials.of(account)
        try:
            with opened(account, secret) as mailbox:
                yield mailbox
        except LoginRefused:
            self._credentials.refused(account)
            raise

    def close(self) -> None:
        """Give back the place among the processes on this database."""
        self.leases.close()

    def _run(
        self, account: IncomingAccount, mailbox: Mailbox, going_on: Callable[[], bool]
    ) -> Taken:
        fetch = Fetch(self._transactions, account, mailbox, self._stored, going_on, room=self._room)
        return fetch.run()

    @contextmanager
    def _turn(self, account: IncomingAccount) -> Iterator[Callable[[], bool]]:
        """The account for this thread alone; what tells whether it still is, and may go on."""
        with self.leases.held(f"fetch-{account.id}") as lease:
            if lease is None:
                raise FetchedElsewhere("it is being fetched already")
            held = lease
            yield lambda: not self.stopping.is_set() and held.renew()

    @contextmanager
    def _noted(self, account: IncomingAccount) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.standing.failed(account, error)
            raise
