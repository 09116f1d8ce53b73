"""Sending what is due, several at once, as long as the process runs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from services.runtime.clock import now
from services.runtime.database import Database
from services.web import metrics
from services.web.webhooks import deliveries
from services.web.webhooks.sending import Sender
from services.web.webhooks.taking import Taken, is_any_due, take_due

MOST_AT_ONCE = 8
# What another replica took in, or what becomes due, is found after this at the latest.
LOOK_SECONDS = 1.0
OBSERVE_SECONDS = 5.0
GIVE_UP_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 5.0

log = get_logger()


class Dispatcher:
    """One thread that takes, and MOST_AT_ONCE that send."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender
        self._stopping = False
        self._woken = threading.Event()
        self._in_hand = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._observe_next = self._give_up_next = 0.0

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something new to send."""
        self._woken.set()

    def stop(self) -> None:
        """Take nothing more; what is in hand is finished behind the back of who calls."""
        self._stopping = True
        self._woken.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        pause = LOOK_SECONDS
        while not self._stopping:
            try:
                self._keep_watch()
                self._dispatch()
                pause = LOOK_SECONDS
            except SQLAlchemyError as error:  # the database may be back in a moment
                log.warning("webhooks wait", why=str(error), seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception as error:  # nobody else sees what a thread raises
                log.error("webhooks failed", exc_info=error)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            self._woken.wait(pause)
            self._woken.clear()

    def _dispatch(self) -> None:
        free = MOST_AT_ONCE - self._in_hand
        moment = now()
        if free <= 0:
            return
        with self._database.read() as connection:
            if not is_any_due(connection, moment):
                return
        with self._database.write() as connection:
            taken = take_due(connection, moment, free)
        for one in taken:
            if self._stopping:
                return  # its lease will run out
            with self._lock:
                self._in_hand += 1
            self._pool.submit(self._send, one)

    def _send(self, taken: Taken) -> None:
        try:
            self._sender.send(taken)
        except SQLAlchemyError as error:
            # Nobody knows that it was sent: it is sent once more when the lease is over.
            log.warning("webhook not settled", message=taken.message_id, why=str(error))
        except Exception as error:  # nobody else sees what a thread raises
            log.error("webhook broke", message=taken.message_id, exc_info=error)
        finally:
            with self._lock:
                self._in_hand -= 1
            self._woken.set()

    def _keep_watch(self) -> None:
        """Bring the gauges up to date, and give up what has waited for too long, now and then."""
        moment = monotonic()
        if moment >= self._observe_next:
            self._observe_next = moment + OBSERVE_SECONDS
            with self._database.read() as connection:
                count, oldest = deliveries.waiting(connection)
            metrics.WEBHOOKS_WAITING.set(count)
            metrics.WEBHOOKS_AGE.set((now() - oldest).total_seconds() if oldest else 0)
        if moment >= self._give_up_next:
            self._give_up_next = moment + GIVE_UP_SECONDS
            with self._database.write() as connection:
                given_up = deliveries.give_up_old(connection, now())
            metrics.WEBHOOK_TRIES.labels("given_up").inc(given_up)
