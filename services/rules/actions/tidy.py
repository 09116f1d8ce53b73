"""What is too old to rehearse with, or to be of interest, is forgotten a little at a time."""

from __future__ import annotations

import time
from datetime import timedelta

from services.messaging.transaction import Transactions
from services.rules import failures, past_events
from services.runtime.clock import now
from services.runtime.exclusive import Exclusive

KEPT = timedelta(days=400)
BATCH = 500
MOST_BATCHES = 100  # in one go; what is left waits for the next


def tidy(transactions: Transactions) -> int:
    """Forget past events and failures older than they are kept; how many events it were.

    One process at a time does it; another forgets nothing meanwhile.
    """
    turn = Exclusive(transactions.database, "tidy")
    if not turn.try_acquire():
        return 0
    try:
        return _tidy(transactions)
    finally:
        turn.release()


def _tidy(transactions: Transactions) -> int:
    moment, forgotten = now() - KEPT, 0
    with transactions.database.write(durable=False) as connection:
        failures.forget_before(connection, moment)
    for _ in range(MOST_BATCHES):
        with transactions.database.write(durable=False) as connection:
            gone = past_events.forget_before(connection, moment, BATCH)
        forgotten += gone
        if gone < BATCH:
            break
        time.sleep(0)  # lets the other green threads of the process run
    return forgotten
