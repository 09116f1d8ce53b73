"""How fetching fares: counted, logged, and for each account how long it rests after failures."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from services.mailgw import account_states, metrics
from services.mailgw.errors import told
from services.mailgw.incoming.fetch import Taken
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.model.rest import rest_seconds
from services.runtime.clock import now
from services.runtime.database import Database

log = structlog.get_logger()


@dataclass
class _Failing:
    """How often in a row an account failed, and until when it rests therefore."""

    failures: int = 0
    rests_until: float = 0.0


class Standing:
    """Takes down how each fetch ended; `first_rest_seconds` is the rest after the first failure."""

    def __init__(self, database: Database, first_rest_seconds: float) -> None:
        self._database = database
        self._first_rest_seconds = first_rest_seconds
        self._failing: dict[str, _Failing] = {}
        self._began_at = now()

    def succeeded(self, account: IncomingAccount, taken: Taken) -> None:
        """The account's mailbox was fetched, perhaps with mails left in it."""
        self._failing.pop(account.id, None)
        with self._database.write(durable=False) as connection:
            account_states.succeeded(connection, account.id, taken.new, now())
            if taken.trouble:
                account_states.failed(connection, account.id, taken.trouble, now())
        if taken.left:
            metrics.FETCH_FAILED.labels(account.name).inc()
        if taken.trouble:
            log.warning("mails stay on the server", account=account.name, why=taken.trouble)

    def failed(self, account: IncomingAccount, error: Exception) -> None:
        """The account could not be fetched, or not to the end."""
        metrics.FETCH_FAILED.labels(account.name).inc()
        log.warning("fetch failed", account=account.name, error=f"{type(error).__name__}: {error}")
        with self._database.write(durable=False) as connection:
            account_states.failed(connection, account.id, told(error), now())
        failing = self._failing.setdefault(account.id, _Failing())
        failing.failures += 1
        rest = rest_seconds(failing.failures, self._first_rest_seconds)
        failing.rests_until = time.monotonic() + rest

    def rests(self, account_id: str) -> bool:
        """Whether it failed so lately, or so often, that it had better be left alone."""
        failing = self._failing.get(account_id)
        return failing is not None and time.monotonic() < failing.rests_until

    def observe(self, approved: Iterable[IncomingAccount]) -> None:
        """Bring up to date how long ago each account was fetched, by whichever process."""
        with self._database.read() as connection:
            last = account_states.last_successes(connection)
        metrics.FETCH_LAG.clear()  # of accounts that are there no longer
        for account in approved:
            lag = (now() - last.get(account.id, self._began_at)).total_seconds()
            metrics.FETCH_LAG.labels(account.name).set(max(0.0, lag))

    def forget(self, account_id: str) -> None:
        """Somebody has changed the account: what failed may work now."""
        self._failing.pop(account_id, None)
