"""Fetching at once what an IMAP server tells of by itself, a thread an account (M3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

import structlog

from services.mailgw.errors import FetchedElsewhere, GatewayError, NoPush
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.idle import wait_for_mail
from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.mailbox import Mailbox
from services.mailgw.leases import Lease
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.rest import rest_seconds

MOST_WATCHED = 100
FIRST_REST_SECONDS = 5.0
NO_PUSH_SECONDS = 3600.0  # until a server that does not offer it is asked again
STAND_BY_SECONDS = 30.0  # until it is looked whether another process still watches
BUSY_SECONDS = 1.0
STEADY_SECONDS = 60.0  # a connection that lasts so long is no failure
STOP_SECONDS = 2.0

log = structlog.get_logger()


class Watch:
    """Keeps a connection to one account's server, and fetches when it tells of new mail.

    Of all processes on one database one watches an account; the others stand by.
    """

    def __init__(self, fetcher: Fetcher, account: IncomingAccount) -> None:
        self.account = account
        self._fetcher = fetcher
        self._mailbox: Mailbox | None = None
        self._failures = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, name=f"watch {account.name}", daemon=True
        )

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End soon, behind the batch in hand."""
        self._stopping.set()
        mailbox = self._mailbox
        if mailbox is not None:
            mailbox.break_off()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, so long at most."""
        self._thread.join(seconds)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            pause = STAND_BY_SECONDS
            try:
                with self._fetcher.leases.held(f"watch-{self.account.id}") as lease:
                    if lease is not None:
                        self._connect(lease)
            except NoPush:
                pause = NO_PUSH_SECONDS
            except Exception as error:  # noqa: BLE001  nobody else sees what a thread raises
                pause = self._rest(error)
            self._stopping.wait(pause)

    def _connect(self, lease: Lease) -> None:
        began = time.monotonic()
        with self._fetcher.opened(self.account) as mailbox:
            if not isinstance(mailbox, Folder):
                raise NoPush
            self._mailbox = mailbox
            try:
                while not self._stopping.is_set() and lease.renew():
                    self._fetch(mailbox)
                    while not wait_for_mail(mailbox, lambda: self._goes_on(lease)):
                        if not self._goes_on(lease):
                            return
            finally:
                self._mailbox = None
                if time.monotonic() - began > STEADY_SECONDS:
                    self._failures = 0

    def _fetch(self, mailbox: Folder) -> None:
        while not self._stopping.is_set():
            try:
                self._fetcher.fetch_opened(self.account, mailbox)
                return
            except FetchedElsewhere:  # perhaps before the latest mail came
                self._stopping.wait(BUSY_SECONDS)

    def _goes_on(self, lease: Lease) -> bool:
        return not self._stopping.is_set() and lease.renew()

    def _rest(self, error: Exception) -> float:
        """How long to wait before the next try."""
        if self._stopping.is_set():  # it was broken off on purpose
            return 0.0
        if isinstance(error, GatewayError):
            log.info("watching rests", account=self.account.name, error=str(error))
        else:
            log.error("watching failed", account=self.account.name, exc_info=error)
        self._failures += 1
        return rest_seconds(self._failures, FIRST_REST_SECONDS)


class Pushing:
    """Watches accounts, MOST_WATCHED of them at most: the others are fetched by the timer."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._watches: dict[str, Watch] = {}
        self._changing = threading.Lock()

    def watch(self, approved: Iterable[IncomingAccount]) -> None:
        """Watch these, as far as they want it, and no others; a changed one is begun anew."""
        wanting = [one for one in approved if one.protocol == "imap" and one.push]
        wanted = {one.id: one for one in wanting[:MOST_WATCHED]}
        with self._changing:
            if self._fetcher.stopping.is_set():
                return
            for account_id, watch in list(self._watches.items()):
                if wanted.get(account_id) != watch.account:
                    self._watches.pop(account_id).stop()
            for account_id, account in wanted.items():
                if account_id not in self._watches:
                    self._watches[account_id] = Watch(self._fetcher, account)
                    self._watches[account_id].start()

    def close(self) -> None:
        """End all of them; one whose server hangs is not waited for."""
        self._fetcher.stopping.set()
        with self._changing:
            for watch in self._watches.values():
                watch.stop()
            until = time.monotonic() + STOP_SECONDS
            for watch in self._watches.values():
                watch.wait(max(0.0, until - time.monotonic()))
            self._watches.clear()
