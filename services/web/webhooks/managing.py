"""What administrators do with webhooks, by page and by the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structlog import get_logger

from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.runtime.identity import new_id
from services.web.webhooks import deliveries, store
from services.web.webhooks.addresses import NotAllowed, check_address
from services.web.webhooks.happened import EVENT_TYPES, TEST, test_body
from services.web.webhooks.outcome import Answered
from services.web.webhooks.store import Webhook
from services.web.webhooks.taking import take_one
from services.web.wiring import Wiring

FIELDS = ("name", "address", "event_types", "section_id", "active")

log = get_logger()


def add(wiring: Wiring, user_id: int, fields: Mapping[str, Any]) -> tuple[Webhook, str]:
    """The new webhook and its secret, which is told this once. Raises InvalidRequest."""
    checked = _checked(wiring, fields)
    with wiring.database.write() as connection:
        made, secret = store.add_webhook(connection, wiring.webhook_seal, user_id, checked, now())
    log.info("webhook added", webhook=made.id, by=user_id)
    return made, secret


def change(
    wiring: Wiring, user_id: int, webhook_id: int, version: int, fields: Mapping[str, Any]
) -> Webhook:
    """Change these fields of it. Raises InvalidRequest, NotFound, StaleVersion."""
    checked = _checked(wiring, fields)
    with wiring.database.write() as connection:
        changed = store.change_webhook(connection, webhook_id, version, checked)
    wiring.webhooks.wake()
    log.info("webhook changed", webhook=webhook_id, by=user_id)
    return changed


def renew(wiring: Wiring, user_id: int, webhook_id: int, version: int) -> tuple[Webhook, str]:
    """Give it a new secret, which is told this once. Raises NotFound, StaleVersion."""
    seal = wiring.webhook_seal
    with wiring.database.write() as connection:
        renewed, secret = store.renew_secret(connection, seal, webhook_id, version, now())
    wiring.webhooks.wake()
    log.info("webhook secret renewed", webhook=webhook_id, by=user_id)
    return renewed, secret


def remove(wiring: Wiring, user_id: int, webhook_id: int) -> None:
    """Delete it, with its deliveries. Raises NotFound."""
    with wiring.database.write() as connection:
        store.delete_webhook(connection, webhook_id)
    log.info("webhook deleted", webhook=webhook_id, by=user_id)


def test(wiring: Wiring, webhook_id: int) -> Answered:
    """Send a test now, also to one that rests or is off, and tell how it went. Raises NotFound."""
    moment, message_id = now(), new_id()
    with wiring.database.write() as connection:
        webhook = store.find_webhook(connection, webhook_id)
        row = {"webhook_id": webhook.id, "message_id": message_id, "type": TEST}
        body = test_body(webhook.name, moment)
        deliveries.order(connection, [{**row, "case_number": None, "body": body}], moment)
        newest = deliveries.list_deliveries(connection, webhook.id, limit=1)
        taken = take_one(connection, newest[0].id, moment)
    assert taken is not None  # nobody else has seen it before this commit
    return wiring.webhooks.sender.test(taken)


def again(wiring: Wiring, webhook_id: int, delivery_id: int) -> deliveries.Delivery:
    """Have a delivery sent once more. Raises NotFound, InvalidRequest."""
    with wiring.database.write() as connection:
        deliveries.send_again(connection, webhook_id, delivery_id, now())
        found = deliveries.find_delivery(connection, webhook_id, delivery_id)
    wiring.webhooks.wake()
    return deliveries.Delivery.model_validate(found.model_dump())


def _checked(wiring: Wiring, fields: Mapping[str, Any]) -> dict[str, Any]:
    """These fields as they are kept. Raises InvalidRequest."""
    kept = {name: fields[name] for name in FIELDS if name in fields}
    if "name" in kept and not kept["name"].strip():
        raise InvalidRequest("name", "give it a name")
    if "event_types" in kept:
        kept["event_types"] = [one for one in EVENT_TYPES if one in kept["event_types"]]
        if not kept["event_types"]:
            raise InvalidRequest("event_types", "choose one or more")
    if "address" in kept:
        try:
            check_address(kept["address"], wiring.settings.webhook_networks)
        except NotAllowed as error:
            raise InvalidRequest("address", str(error)) from error
    section_id = kept.get("section_id")
    if section_id is not None and all(s.id != section_id for s in wiring.directory.sections()):
        raise InvalidRequest("section_id", f"there is none with the number {section_id}")
    return kept
