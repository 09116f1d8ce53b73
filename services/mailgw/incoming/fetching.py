"""Fetching several accounts side by side, so that a dead server holds up nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import structlog

from services.mailgw import accounts, metrics
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.fetch import fetch
from services.mailgw.incoming.mailbox import opened
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.exclusive import Exclusive

AT_ONCE = 6  # on PostgreSQL each holds one of the 15 connections of the pool
STOP_SECONDS = 5.0

log = structlog.get_logger()


@dataclass
class Fetched:
    """How many mails were stored, and for each account that failed, why."""

    stored: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Fetching:
    """Fetches accounts, each in a thread of its own (a green one where threads are patched)."""

    def __init__(
        self, transactions: Transactions, vault: Vault, stored: Callable[[], None] = lambda: None
    ) -> None:
        self._transactions = transactions
        self._vault = vault
        self._stored = stored
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
        self._stopping = threading.Event()
        self._runs: set[Future[int]] = set()

    def fetch(
        self, chosen: Iterable[IncomingAccount], patience_seconds: float | None = None
    ) -> Fetched:
        """Fetch these accounts; those not done in time go on, and are told of as failed."""
        runs: dict[Future[int], str] = {
            self._threads.submit(self.fetch_one, account): account.name for account in chosen
        }
        self._runs |= set(runs)
        done, unfinished = wait(runs, timeout=patience_seconds)
        self._runs = {run for run in self._runs if not run.done()}
        result = Fetched()
        for run in done:
            try:
                result.stored += run.result()
            except Exception as error:  # noqa: BLE001  one account's trouble is nobody else's
                result.failed[runs[run]] = _told(runs[run], error)
        result.failed |= {runs[run]: "it is still being fetched" for run in unfinished}
        return result

    def fetch_one(self, account: IncomingAccount) -> int:
        """The number of mails stored. Raises ServerRefused, UnreadableKey."""
        turn = Exclusive(self._transactions.database, f"fetch-{account.id}")
        if not turn.try_acquire():
            raise ServerRefused("it is being fetched already")
        try:
            with self._transactions.database.read() as connection:
                password = accounts.password_of(connection, self._vault, account)
            with opened(account, password) as folder:
                return fetch(
                    self._transactions, account.name, folder, self._stored, self._stopping.is_set
                )
        finally:
            turn.release()

    def close(self) -> None:
        """End behind the batches in hand. A server that hangs is not waited for: what it holds
        is fetched after the next start."""
        self._stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(self._runs, timeout=STOP_SECONDS)


def _told(name: str, error: Exception) -> str:
    metrics.FETCH_FAILED.labels(name).inc()
    log.warning("fetch failed", account=name, error=f"{type(error).__name__}: {error}")
    return str(error)
