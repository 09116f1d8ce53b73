"""What is to be sent to webhooks, as people and programs see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest, NotFound
from services.web.tables import webhook_deliveries, webhooks
from services.web.webhooks.pauses import TRIED_FOR
from services.web.webhooks.store import find_webhook

KEPT_FOR = timedelta(days=21)
WAITED_TOO_LONG = "it waited for too long while the webhook rested or was switched off"

Status = Literal["waiting", "delivered", "given_up"]


class Delivery(Part):
    """One event for one webhook. `message_id` is its header webhook-id, however often it is sent.

    It waits until `next_try_at`; `tries` counts those since it was last sent by hand.
    `last_status` is what the receiver answered, null where it did not; `last_error` says what
    was wrong. `settled_at` is when it was delivered or given up.
    """

    id: int
    webhook_id: int
    message_id: str
    type: str
    case_number: int | None
    status: Status
    created_at: datetime
    tries: int
    next_try_at: datetime | None
    last_try_at: datetime | None
    last_status: int | None
    last_error: str
    settled_at: datetime | None


class DeliveryContent(Delivery):
    """A delivery with its body, exactly as it is signed and sent."""

    body: str


def order(connection: Connection, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """Have these sent: rows of webhook_id, message_id, type, case_number and body."""
    waiting = {"created_at": at, "tries": 0, "next_try_at": at, "give_up_at": at + TRIED_FOR}
    values = [{**row, **waiting, "last_error": ""} for row in rows]
    connection.execute(insert(webhook_deliveries), values)


def list_deliveries(
    connection: Connection,
    webhook_id: int,
    status: Status | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Those of a webhook, the newest first, older than the id `before`. Raises NotFound."""
    find_webhook(connection, webhook_id)
    t = webhook_deliveries
    question = select(t).where(t.c.webhook_id == webhook_id)
    if status == "waiting":
        question = question.where(t.c.outcome.is_(None))
    elif status is not None:
        question = question.where(t.c.outcome == status)
    if before is not None:
        question = question.where(t.c.id < before)
    found = connection.execute(question.order_by(t.c.id.desc()).limit(limit))
    return [Delivery.model_validate(_fields(row)) for row in found]


def find_delivery(connection: Connection, webhook_id: int, delivery_id: int) -> DeliveryContent:
    """One of a webhook's, with its body. Raises NotFound."""
    t = webhook_deliveries
    question = select(t).where(t.c.id == delivery_id, t.c.webhook_id == webhook_id)
    row = connection.execute(question).first()
    if row is None:
        raise NotFound("delivery", delivery_id)
    return DeliveryContent.model_validate(_fields(row))


def send_again(connection: Connection, webhook_id: int, delivery_id: int, at: datetime) -> None:
    """Have it sent now, whatever became of it; a webhook that rests is tried with it.

    Raises NotFound, and InvalidRequest while it is being sent or the webhook is off.
    """
    found = find_delivery(connection, webhook_id, delivery_id)
    if not find_webhook(connection, webhook_id).active:
        raise InvalidRequest("delivery", "switch the webhook on first")
    t = webhook_deliveries
    free = t.c.leased_until.is_(None) | (t.c.leased_until <= at)
    again = update(t).where(t.c.id == found.id, free)
    values = {"next_try_at": at, "give_up_at": at + TRIED_FOR, "tries": 0}
    if connection.execute(again.values(**values, outcome=None, settled_at=None)).rowcount == 0:
        raise InvalidRequest("delivery", "it is being sent just now; look again in a minute")
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(rests_until=None))


def give_up_old(connection: Connection, at: datetime) -> int:
    """Give up what has waited for too long; how many."""
    t = webhook_deliveries
    free = t.c.leased_until.is_(None) | (t.c.leased_until <= at)
    old = update(t).where(t.c.next_try_at.is_not(None), t.c.give_up_at <= at, free)
    words = func.coalesce(func.nullif(t.c.last_error, ""), WAITED_TOO_LONG)
    values = {"next_try_at": None, "outcome": "given_up", "settled_at": at, "last_error": words}
    return connection.execute(old.values(**values)).rowcount


def forget_old(connection: Connection, at: datetime) -> None:
    """Delete what was settled and is some weeks old."""
    t = webhook_deliveries
    old = delete(t).where(t.c.created_at < at - KEPT_FOR, t.c.outcome.is_not(None))
    connection.execute(old)


def waiting(connection: Connection) -> tuple[int, datetime | None]:
    """How many wait, and since when the oldest does."""
    t = webhook_deliveries
    question = select(func.count(), func.min(t.c.created_at)).where(t.c.next_try_at.is_not(None))
    count, oldest = connection.execute(question).one()
    return int(count), oldest


def _fields(row: Row[Any]) -> dict[str, Any]:
    found = dict(row._mapping)
    return {**found, "status": found["outcome"] or "waiting"}
