"""The relay: publishes the outbox in order and marks rows sent once the broker confirms."""

from __future__ import annotations

import threading
from time import monotonic, time_ns

import structlog
from sqlalchemy.exc import DBAPIError

from services.contracts.envelope import Envelope
from services.contracts.routes import LISTENED
from services.messaging import metrics
from services.messaging.outbox import Outbox, OutboxRow
from services.messaging.publisher import BUS_TROUBLE, Outgoing, Publisher
from services.messaging.tracing import TRACING
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.exclusive import Exclusive

# What another process committed (a piped mail, say) leaves after this at the latest;
# what this process commits wakes the relay at once.
POLL_SECONDS = 0.2
BATCH = 500
# Marks are kept back so long and written together; one lost has its message sent once more.
MARK_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

log = structlog.get_logger()


class Relay:
    """Runs `run` in one thread. A second relay of the same outbox stands by."""

    def __init__(self, database: Database, outbox: Outbox, amqp_uri: str) -> None:
        self._database = database
        self._outbox = outbox
        self._amqp_uri = amqp_uri
        self._turn = Exclusive(database, "relay")
        self._woken = threading.Event()
        self._stopping = False
        self._publisher: Publisher | None = None
        self._unmarked: set[int] = set()
        self._unmarked_since = 0.0

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` once the batch in hand is done."""
        self._stopping = True
        self._woken.set()

    def run(self) -> None:
        """Relay until stopped; trouble with broker or database is waited out."""
        pause = POLL_SECONDS
        while not self._stopping:
            try:
                busy = self._turn.try_acquire() and self.relay_batch() == BATCH
                pause = POLL_SECONDS
            except (*BUS_TROUBLE, DBAPIError) as error:
                log.warning("relay waits", error=str(error), seconds=pause)
                self._disconnect()
                busy = False
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                self._rest(pause)
            if not busy:
                self._woken.wait(POLL_SECONDS)
                self._woken.clear()
        self._finish()

    def relay_batch(self) -> int:
        """Publish the oldest messages that wait; the number of them."""
        if self._unmarked and monotonic() - self._unmarked_since >= MARK_SECONDS:
            self.mark()
        with self._database.read() as connection:
            found = self._outbox.unsent(connection, BATCH + len(self._unmarked))
        rows = [row for row in found if row.position not in self._unmarked][:BATCH]
        if rows:
            begun_ns = time_ns()
            self._connected().publish([_outgoing(row) for row in rows])
            self._confirmed(rows)
            _trace(rows, begun_ns)
        else:
            self._rest_connected()
        return len(rows)

    def mark(self) -> None:
        """Mark as sent what the broker has confirmed since the last time."""
        # A lost mark has them sent once more, and each inbox knows them: no wait for the disk.
        with self._database.write(durable=False) as connection:
            self._outbox.mark_sent(connection, sorted(self._unmarked))
        self._unmarked.clear()

    def _confirmed(self, rows: list[OutboxRow]) -> None:
        if not self._unmarked:
            self._unmarked_since = monotonic()
        self._unmarked.update(row.position for row in rows)
        for row in rows:
            metrics.PUBLISHED.labels(row.type).inc()

    def _finish(self) -> None:
        try:
            if self._unmarked:
                self.mark()
        except DBAPIError as error:
            log.warning("marks are lost, the messages will be sent once more", error=str(error))
        self._disconnect()
        self._turn.release()

    def observe(self) -> None:
        """Bring the gauges of depth and age up to date."""
        with self._database.read() as connection:
            count, oldest = self._outbox.waiting(connection)
        metrics.OUTBOX_DEPTH.set(count)
        metrics.OUTBOX_AGE.set((now() - oldest).total_seconds() if oldest else 0)

    def _connected(self) -> Publisher:
        if self._publisher is None:
            self._publisher = Publisher(self._amqp_uri)
        return self._publisher

    def _rest_connected(self) -> None:
        self._connected().keep_alive()

    def _rest(self, seconds: float) -> None:
        if not self._stopping:
            threading.Event().wait(seconds)

    def _disconnect(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            try:
                publisher.close()
            except BUS_TROUBLE as error:
                log.info("connection was gone already", error=str(error))


def _trace(rows: list[OutboxRow], begun_ns: int) -> None:
    if TRACING.wanted:
        for row in rows:
            TRACING.published(Envelope.model_validate_json(row.body), begun_ns)


def _outgoing(row: OutboxRow) -> Outgoing:
    return Outgoing(row.id, row.type, row.body, mandatory=row.type in LISTENED)
