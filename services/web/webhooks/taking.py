"""Taking what is due for a while, so that two processes never send the same at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, func, or_, select, update

from services.web.tables import webhook_deliveries, webhooks
from services.web.webhooks.pauses import RESTS_AFTER

# Longer than the whole of a delivery may take: whoever holds it still, is dead.
LEASE = timedelta(seconds=60)
MOST_OF_ONE = 4


@dataclass(frozen=True)
class Taken:
    """A delivery that this process has until `leased_until`, and how to make it.

    `sealed` are the secrets that sign it. A `probe` is the one try of a webhook that fails
    all the time, to see whether it still does.
    """

    id: int
    webhook_id: int
    message_id: str
    body: str
    try_number: int
    give_up_at: datetime
    leased_until: datetime
    address: str
    sealed: tuple[str, ...]
    probe: bool = False


def is_any_due(connection: Connection, at: datetime) -> bool:
    """Whether there may be something to take."""
    return connection.execute(_ready(at).limit(1)).first() is not None


def take_due(connection: Connection, at: datetime, most: int) -> list[Taken]:
    """What is due, at most so many in all and MOST_OF_ONE of one webhook, in turn.

    One slow receiver keeps the others waiting for nothing.
    """
    ready = list(connection.execute(_ready(at)))
    random.shuffle(ready)
    by_webhook = [_due_of(connection, webhook, at) for webhook in ready]
    taken: list[Taken] = []
    for place in range(MOST_OF_ONE):
        for webhook, due in zip(ready, by_webhook, strict=True):
            if len(taken) < most and place < len(due):
                taken += _take(connection, webhook, due[place], at)
    return taken


def take_one(connection: Connection, delivery_id: int, at: datetime) -> Taken | None:
    """This one, whether it is due or its webhook rests or not; None when another has it."""
    t = webhook_deliveries
    delivery = connection.execute(select(t).where(t.c.id == delivery_id)).first()
    if delivery is None or delivery.next_try_at is None:
        return None
    chosen = select(webhooks).where(webhooks.c.id == delivery.webhook_id)
    found = _lease(connection, connection.execute(chosen).one(), delivery, at, probe=False)
    return found[0] if found else None


def _ready(at: datetime) -> Any:
    """Webhooks that are on, do not rest, and have something due."""
    w, t = webhooks, webhook_deliveries
    due = exists().where(t.c.webhook_id == w.c.id, t.c.next_try_at <= at)
    awake = or_(w.c.rests_until.is_(None), w.c.rests_until <= at)
    return select(w).where(w.c.active, awake, due)


def _due_of(connection: Connection, webhook: Row[Any], at: datetime) -> Sequence[Row[Any]]:
    t = webhook_deliveries
    held = select(func.count()).where(t.c.webhook_id == webhook.id, t.c.next_try_at > at)
    in_hand = connection.scalar(held.where(t.c.leased_until > at)) or 0
    room = MOST_OF_ONE - in_hand if webhook.failures < RESTS_AFTER else min(1, 1 - in_hand)
    if room <= 0:
        return []
    due = select(t).where(t.c.webhook_id == webhook.id, t.c.next_try_at <= at)
    # What another takes just now is passed over: to wait for it could end in a deadlock.
    due = due.order_by(t.c.next_try_at, t.c.id).limit(room).with_for_update(skip_locked=True)
    return connection.execute(due).all()


def _take(
    connection: Connection, webhook: Row[Any], delivery: Row[Any], at: datetime
) -> list[Taken]:
    probe = webhook.failures >= RESTS_AFTER
    if probe and not _begin_probe(connection, webhook, at):
        return []
    return _lease(connection, webhook, delivery, at, probe)


def _begin_probe(connection: Connection, webhook: Row[Any], at: datetime) -> bool:
    """Rest meanwhile; False when another process has begun it, or is about to."""
    w = webhooks
    awake = or_(w.c.rests_until.is_(None), w.c.rests_until <= at)
    free = select(w.c.id).where(w.c.id == webhook.id, awake).with_for_update(skip_locked=True)
    if connection.execute(free).first() is None:
        return False
    connection.execute(update(w).where(w.c.id == webhook.id).values(rests_until=at + LEASE))
    return True


def _lease(
    connection: Connection, webhook: Row[Any], delivery: Row[Any], at: datetime, probe: bool
) -> list[Taken]:
    """In one statement: of two who take the same at once one gets nothing.

    Who dies with it in hand leaves it due again when the lease is over.
    """
    t = webhook_deliveries
    unchanged = (t.c.id == delivery.id) & (t.c.next_try_at == delivery.next_try_at)
    until = at + LEASE
    values = {"next_try_at": until, "leased_until": until, "last_try_at": at}
    mine = update(t).where(unchanged, or_(t.c.leased_until.is_(None), t.c.leased_until <= at))
    if connection.execute(mine.values(**values, tries=t.c.tries + 1)).rowcount == 0:
        return []
    return [_taken(webhook, delivery, until, at, probe)]


def _taken(
    webhook: Row[Any], delivery: Row[Any], until: datetime, at: datetime, probe: bool
) -> Taken:
    sealed = [webhook.secret]
    if webhook.previous_secret is not None and webhook.previous_until > at:
        sealed.append(webhook.previous_secret)
    return Taken(
        id=delivery.id,
        webhook_id=webhook.id,
        message_id=delivery.message_id,
        body=delivery.body,
        try_number=delivery.tries + 1,
        give_up_at=delivery.give_up_at,
        leased_until=until,
        address=webhook.address,
        sealed=tuple(sealed),
        probe=probe,
    )
