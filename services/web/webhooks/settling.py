"""Keeping how a try went: for the delivery, and for its webhook."""

from __future__ import annotations

import random
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from services.web.tables import webhook_deliveries, webhooks
from services.web.webhooks.outcome import Answered, Outcome, outcome, rests_until
from services.web.webhooks.store import switch_off
from services.web.webhooks.taking import Taken


def settle(connection: Connection, taken: Taken, answered: Answered, at: datetime) -> Outcome:
    """What became of it; nothing is kept when the lease was lost meanwhile."""
    found = outcome(answered, taken.try_number, taken.give_up_at, at, random.random())
    if not _keep(connection, taken, answered, found, at):
        return found
    if found.kind == "delivered":
        _fares_well(connection, taken.webhook_id)
    elif found.kind == "gone":
        switch_off(connection, taken.webhook_id, "gone", answered.words)
    else:
        _fares_ill(connection, taken, answered, at)
    return found


def settle_test(connection: Connection, taken: Taken, answered: Answered, at: datetime) -> None:
    """A test is tried once, and says nothing of how the webhook fares."""
    found = Outcome("delivered") if answered.delivered else Outcome("given_up")
    _keep(connection, taken, answered, found, at)


def settle_unreadable(connection: Connection, taken: Taken, words: str, at: datetime) -> None:
    """The secret cannot be read any more: nothing can be sent until it is renewed."""
    found = Outcome("failed", at)
    if _keep(connection, taken, Answered(None, words), found, at):
        switch_off(connection, taken.webhook_id, "secret", words)


def _keep(
    connection: Connection, taken: Taken, answered: Answered, found: Outcome, at: datetime
) -> bool:
    t = webhook_deliveries
    mine = (t.c.id == taken.id) & (t.c.leased_until == taken.leased_until)
    settled = found.next_try_at is None
    ended = "delivered" if found.kind == "delivered" else "given_up"
    values = {
        "leased_until": None,
        "next_try_at": found.next_try_at,
        "last_status": answered.status,
        "last_error": answered.words,
        "outcome": ended if settled else None,
        "settled_at": at if settled else None,
    }
    return connection.execute(update(t).where(mine).values(**values)).rowcount == 1


def _fares_well(connection: Connection, webhook_id: int) -> None:
    w = webhooks
    ill = update(w).where(w.c.id == webhook_id, or_(w.c.failures > 0, w.c.last_error != ""))
    connection.execute(ill.values(failures=0, last_error="", rests_until=None))


def _fares_ill(connection: Connection, taken: Taken, answered: Answered, at: datetime) -> None:
    """One failure more, and a rest where they are too many.

    What was under way already when it began to rest says nothing new.
    """
    w = webhooks
    awake = or_(w.c.rests_until.is_(None), w.c.rests_until <= at)
    counted = (w.c.id == taken.webhook_id) & (w.c.id.is_not(None) if taken.probe else awake)
    more = update(w).where(counted).values(failures=w.c.failures + 1, last_error=answered.words)
    if connection.execute(more).rowcount == 0:
        return
    failures = connection.scalar(select(w.c.failures).where(w.c.id == taken.webhook_id)) or 0
    rest = rests_until(failures, answered, at, random.random())
    connection.execute(update(w).where(w.c.id == taken.webhook_id).values(rests_until=rest))
