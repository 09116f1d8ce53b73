"""The webhooks that administrators have set: added, changed, deleted, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.web.access.seal import Seal
from services.web.tables import webhook_deliveries, webhooks
from services.web.webhooks.happened import EventType
from services.web.webhooks.signature import new_secret

MOST_WEBHOOKS = 100
LONGEST_NAME = 100
# A receiver has so long to go over to a new secret; what is sent meanwhile is signed by both.
BOTH_SECRETS = timedelta(hours=24)
SEAL_PURPOSE = "webhook secrets"

OffReason = Literal["", "gone", "secret"]


class Webhook(Part):
    """An address that is told of events: of these types, of cases in this section and below.

    Without a section, of all. `off_reason` says why it was switched off, where nobody did:
    "gone" (the receiver answered 410), "secret" (ours cannot be read any more). `failures` are
    those in a row; after some of them it rests.
    """

    id: int
    name: str
    address: str = Field(json_schema_extra={"format": "uri"})
    event_types: list[EventType]
    section_id: int | None
    active: bool
    off_reason: OffReason
    failures: int
    last_error: str
    rests_until: datetime | None
    version: int
    created_by: int
    created_at: datetime


def list_webhooks(connection: Connection) -> list[Webhook]:
    """All, by name."""
    found = connection.execute(select(webhooks).order_by(webhooks.c.name, webhooks.c.id))
    return [_read(row) for row in found]


def find_webhook(connection: Connection, webhook_id: int) -> Webhook:
    """The one of this id. Raises NotFound."""
    row = connection.execute(select(webhooks).where(webhooks.c.id == webhook_id)).first()
    if row is None:
        raise NotFound("webhook", webhook_id)
    return _read(row)


def add_webhook(
    connection: Connection, seal: Seal, user_id: int, fields: Mapping[str, Any], at: datetime
) -> tuple[Webhook, str]:
    """The new one, and its secret: this answer is the only place where that stands.

    `fields` are name, address, event_types, section_id, active. Raises InvalidRequest for too
    many.
    """
    if (connection.scalar(select(func.count()).select_from(webhooks)) or 0) >= MOST_WEBHOOKS:
        raise InvalidRequest("name", f"there are {MOST_WEBHOOKS} already; delete one first")
    secret = new_secret()
    statement = insert(webhooks).values(
        **fields,
        secret=seal.close(secret),
        off_reason="",
        failures=0,
        last_error="",
        version=1,
        created_by=user_id,
        created_at=at,
    )
    made = connection.execute(statement).inserted_primary_key
    assert made is not None
    return find_webhook(connection, int(made[0])), secret


def change_webhook(
    connection: Connection, webhook_id: int, version: int, fields: Mapping[str, Any]
) -> Webhook:
    """The same with these fields changed; it rests no more. Raises NotFound, StaleVersion."""
    fresh = {"failures": 0, "last_error": "", "rests_until": None, "off_reason": ""}
    _update(connection, webhook_id, version, {**fields, **fresh})
    return find_webhook(connection, webhook_id)


def renew_secret(
    connection: Connection, seal: Seal, webhook_id: int, version: int, at: datetime
) -> tuple[Webhook, str]:
    """A new secret, told this once; for BOTH_SECRETS the one before signs, too.

    It was off for want of a secret? Then it is on again. Raises NotFound, StaleVersion.
    """
    kept = connection.scalar(select(webhooks.c.secret).where(webhooks.c.id == webhook_id))
    secret = new_secret()
    values: dict[str, Any] = {
        "secret": seal.close(secret),
        "previous_secret": kept,
        "previous_until": at + BOTH_SECRETS,
    }
    if find_webhook(connection, webhook_id).off_reason == "secret":
        values |= {"active": True, "off_reason": "", "last_error": ""}
    _update(connection, webhook_id, version, values)
    return find_webhook(connection, webhook_id), secret


def delete_webhook(connection: Connection, webhook_id: int) -> None:
    """Delete it with all that was sent, or waits, for it. Raises NotFound."""
    # In the order in which they are settled, too: the other way round could be a deadlock.
    t = webhook_deliveries
    connection.execute(delete(t).where(t.c.webhook_id == webhook_id))
    if connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id)).rowcount == 0:
        raise NotFound("webhook", webhook_id)


def switch_off(connection: Connection, webhook_id: int, reason: OffReason, words: str) -> None:
    """Switch it off ourselves."""
    values = {"active": False, "off_reason": reason, "last_error": words, "rests_until": None}
    t = webhooks
    statement = update(t).where(t.c.id == webhook_id)
    connection.execute(statement.values(**values, version=t.c.version + 1))


def _update(
    connection: Connection, webhook_id: int, version: int, values: Mapping[str, Any]
) -> None:
    t = webhooks
    held = update(t).where(t.c.id == webhook_id, t.c.version == version)
    if connection.execute(held.values(**values, version=version + 1)).rowcount == 0:
        current = find_webhook(connection, webhook_id).version
        raise StaleVersion("webhook", version, current)


def _read(row: Row[Any]) -> Webhook:
    return Webhook.model_validate(dict(row._mapping))
