"""Of several gateway processes one fetches an account at a time, whatever becomes of it (M3)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.system import wait_for

from services.mailgw import leases
from services.mailgw.leases import Lease, Leases, NoSlot
from services.messaging.transaction import Transactions
from services.runtime.database import Database

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys, time
from services.mailgw.leases import Leases
from services.runtime.database import Database
here = Leases(Database({url!r}, {schema!r}), {seconds})
held = here.take("fetch-a1")
print("held" if held else "refused", flush=True)
time.sleep(600)
"""


@contextmanager
def holder(database: Database, seconds: float = 300) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lease."""
    program = HOLDER.format(url=database.url, schema=database.schema, seconds=seconds)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout and process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def taken(held: Leases) -> Lease | None:
    return held.take("fetch-a1")


def test_M3_a_lease_has_one_holder_until_he_gives_it_back(transactions: Transactions) -> None:
    first, second = Leases(transactions.database), Leases(transactions.database)
    lease = taken(first)
    assert lease and lease.renew()
    assert taken(second) is None and taken(first) is None  # nor is it for another thread
    assert second.take("fetch-a2")
    lease.release()
    again = taken(second)
    assert again
    lease.release()  # it is not his any more
    assert taken(first) is None
    for one in (first, second):
        one.close()


def test_M3_a_process_killed_while_it_fetches_is_followed_at_once(
    transactions: Transactions,
) -> None:
    waiting = Leases(transactions.database)
    with holder(transactions.database) as process:
        assert taken(waiting) is None
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        # A server may need a moment to see that its client is gone.
        assert wait_for(lambda: taken(waiting), "the lease of the dead", 10)
    waiting.close()


def test_M3_a_process_that_hangs_is_followed_when_its_lease_runs_out(
    transactions: Transactions,
) -> None:
    waiting = Leases(transactions.database)
    with holder(transactions.database, seconds=2) as process:
        process.send_signal(signal.SIGSTOP)
        assert taken(waiting) is None
        assert wait_for(lambda: taken(waiting), "the lease of one that hangs", 20)
    waiting.close()


def test_M3_a_lease_lasts_as_long_as_it_is_renewed(transactions: Transactions) -> None:
    short, other = Leases(transactions.database, seconds=1), Leases(transactions.database)
    lease = taken(short)
    assert lease
    began = lease.renewed_at
    wait_for(lambda: lease.renew() and lease.renewed_at > began + 1.5, "a renewed lease", 10)
    assert taken(other) is None
    assert wait_for(lambda: taken(other), "a lease that is renewed no more", 10)
    assert not lease.take()
    for one in (short, other):
        one.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_more_processes_than_there_are_slots_are_told(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "SLOTS", 1)
    first = Leases(transactions.database)
    assert taken(first)
    with pytest.raises(NoSlot, match="gateways work on this database already"):
        taken(Leases(transactions.database))
    first.close()
