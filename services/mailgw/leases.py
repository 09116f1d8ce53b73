"""Who fetches an account just now: leases in the database, which end by themselves.

A lease is kept by renewing it. One whose holder hangs, or whose machine is gone, is over after
LEASE_SECONDS; one whose process died is over at once: each process has a numbered slot, locked
for as long as it lives, and whoever can lock the slot of another knows that he is dead.

That two hold one lease, because one of them hung for longer than it lasts, does no harm: a mail
is stored once by its bytes, and marked by whoever stored it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.mailgw.errors import GatewayError
from services.mailgw.tables import leases
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.exclusive import Exclusive
from services.runtime.identity import new_id

LEASE_SECONDS = 300.0
SLOTS = 64


class NoSlot(GatewayError):
    """More processes than SLOTS work on one database."""


@dataclass
class Lease:
    """One taken lease."""

    database: Database
    name: str
    slot: int
    seconds: float
    holder: str = field(default_factory=new_id)
    renewed_at: float = field(default_factory=time.monotonic)

    def renew(self) -> bool:
        """Keep it for another while; False when it ran out and somebody else has it now.

        Call it as often as you like: it is written at every tenth of its time only.
        """
        if time.monotonic() - self.renewed_at < self.seconds / 10:
            return True
        self.renewed_at = time.monotonic()
        return self.take()

    def take(self) -> bool:
        """Take or keep it, unless somebody else has it."""
        with self.database.write(durable=False) as connection:
            return _take(connection, self)

    def release(self) -> None:
        """Give it back; nothing happens when somebody else has it by now."""
        t = leases
        with self.database.write(durable=False) as connection:
            mine = (t.c.name == self.name, t.c.holder == self.holder)
            connection.execute(delete(t).where(*mine))


class Leases:
    """Takes leases for this process."""

    def __init__(self, database: Database, seconds: float = LEASE_SECONDS) -> None:
        self._database = database
        self._seconds = seconds
        self._slot = 0
        self._lock: Exclusive | None = None
        self._asking = threading.Lock()  # the lock's connection is not for two at a time

    @contextmanager
    def held(self, name: str) -> Iterator[Lease | None]:
        """The lease until the block is left, or None when another has it. Raises NoSlot."""
        lease = self.take(name)
        try:
            yield lease
        finally:
            if lease is not None:
                lease.release()

    def take(self, name: str) -> Lease | None:
        """The lease of that name, or None when another holder has it. Raises NoSlot."""
        lease = Lease(self._database, name, self._own_slot(), self._seconds)
        if lease.take() or (self._ended_by_death(lease) and lease.take()):
            return lease
        return None

    def close(self) -> None:
        """Leave the slot; leases not given back are over with it."""
        with self._asking:
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def _own_slot(self) -> int:
        with self._asking:
            if self._lock is None or not self._lock.try_acquire():
                self._slot, self._lock = _free_slot(self._database)
            return self._slot

    def _ended_by_death(self, lease: Lease) -> bool:
        """Whether the process that holds it is dead; its leases are ended then."""
        question = select(leases.c.slot).where(leases.c.name == lease.name)
        with self._database.read() as connection:
            slot = connection.scalar(question)
        if slot is None or slot == lease.slot:
            return slot is None  # given back meanwhile, or held by another thread here
        lock = _emptied(self._database, slot)
        if lock is not None:
            lock.release()
        return lock is not None


def _free_slot(database: Database) -> tuple[int, Exclusive]:
    for slot in range(1, SLOTS + 1):
        lock = _emptied(database, slot)
        if lock is not None:
            return slot, lock
    raise NoSlot(f"{SLOTS} gateways work on this database already")


def _emptied(database: Database, slot: int) -> Exclusive | None:
    """The lock of a slot that nobody lives in, with the leases of who died in it ended."""
    lock = Exclusive(database, f"fetcher-{slot}")
    if not lock.try_acquire():
        return None
    with database.write(durable=False) as connection:
        connection.execute(delete(leases).where(leases.c.slot == slot))
    return lock


def _take(connection: Connection, lease: Lease) -> bool:
    t = leases
    at = _moment(connection)
    row = {
        "holder": lease.holder,
        "slot": lease.slot,
        "expires_at": at + timedelta(seconds=lease.seconds),
    }
    free = or_(t.c.holder == lease.holder, t.c.expires_at <= at)
    if connection.execute(update(t).where(t.c.name == lease.name, free).values(row)).rowcount:
        return True
    try:
        with connection.begin_nested():
            connection.execute(t.insert().values(name=lease.name, **row))
    except IntegrityError:
        return False
    return True


def _moment(connection: Connection) -> datetime:
    """Now, by one clock for all holders: a file is on one machine, a server has its own."""
    if connection.dialect.name == "sqlite":
        return now()
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment
