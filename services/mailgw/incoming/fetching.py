"""Fetching several accounts side by side, so that a slow or dead server holds up nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from services.mailgw.errors import told
from services.mailgw.incoming.fetch import Taken
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.model.accounts import IncomingAccount

# Each account has a thread while it is fetched, so that none waits for another's server; what
# bounds the memory is the room for mails on their way.
MOST_AT_ONCE = 256
STOP_SECONDS = 5.0


@dataclass
class Fetched:
    """How many mails were stored, and for each account where something went wrong, what."""

    stored: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Fetching:
    """Fetches accounts, each in a thread of its own (a green one where threads are patched)."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="fetch")
        self._runs: dict[str, Future[Taken]] = {}
        self._changing = threading.Lock()

    def fetch_due(self, approved: Iterable[IncomingAccount]) -> None:
        """Begin to fetch those that neither rest after failures nor are being fetched."""
        for account in approved:
            if not self._fetcher.standing.rests(account.id):
                self._begin(account)

    def fetch(
        self, chosen: Iterable[IncomingAccount], patience_seconds: float | None = None
    ) -> Fetched:
        """Fetch these accounts now; those not done in time go on, and are told of as failed."""
        until = None if patience_seconds is None else time.monotonic() + patience_seconds
        runs: dict[str, Future[Taken] | None] = {}
        # A fetch under way may have asked for the new mails before the latest came: another
        # one follows it.
        again: dict[Future[Taken], IncomingAccount] = {}
        for account in chosen:
            under_way = self._runs.get(account.id)
            runs[account.name] = under_way or self._begin(account)
            if under_way:
                again[under_way] = account
        while again:
            ended, _ = wait(again, _left(until), FIRST_COMPLETED)
            if not ended:
                break
            for account in [again.pop(run) for run in ended]:
                runs[account.name] = self._begin(account)
        wait([run for run in runs.values() if run], _left(until))
        return _summed_up(runs)

    def close(self) -> None:
        """End behind the batches in hand. A server that hangs is not waited for: what it holds
        is fetched after the next start."""
        self._fetcher.stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(list(self._runs.values()), timeout=STOP_SECONDS)
        self._fetcher.close()

    def _begin(self, account: IncomingAccount) -> Future[Taken] | None:
        """The run that fetches this account, a new one unless one is under way; None when all
        are to stop."""
        with self._changing:
            if self._fetcher.stopping.is_set():
                return None
            if account.id not in self._runs:
                self._runs[account.id] = self._threads.submit(self._run, account)
            return self._runs[account.id]

    def _run(self, account: IncomingAccount) -> Taken:
        try:
            return self._fetcher.fetch(account)
        finally:
            with self._changing:
                self._runs.pop(account.id, None)


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.0, until - time.monotonic())


def _summed_up(runs: Mapping[str, Future[Taken] | None]) -> Fetched:
    result = Fetched()
    for name, run in runs.items():
        if run is None or run.cancelled():
            result.failed[name] = "the gateway is stopping"
        elif not run.done():
            result.failed[name] = "it is still being fetched"
        elif (error := run.exception()) is not None:
            result.failed[name] = told(error)
        else:
            taken = run.result()
            result.stored += taken.new
            if taken.trouble:
                result.failed[name] = taken.trouble
    return result
