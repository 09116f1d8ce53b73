"""Webhooks: other programs are told of events by signed requests (Standard Webhooks)."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.web.access.asking import asking_user
from services.web.api.created import Created, created
from services.web.api.paging import Paged, number_in, page_of, written_cursor
from services.web.api.schemas.accounts import Tested
from services.web.api.schemas.webhooks import (
    DeliveryFilter,
    DeliveryList,
    NewWebhook,
    SecretRenewal,
    WebhookChange,
    WebhookList,
    WebhookSecret,
)
from services.web.webhooks import managing, store
from services.web.webhooks.deliveries import (
    Delivery,
    DeliveryContent,
    find_delivery,
    list_deliveries,
)
from services.web.webhooks.store import Webhook
from services.web.wiring import wired

blueprint = APIBlueprint("api_webhooks", __name__, url_prefix="/api/v1/webhooks", tag="Webhooks")


@blueprint.get("")
@blueprint.input(Paged, location="query")
@blueprint.output(WebhookList)
def list_webhooks(query_data: Paged) -> WebhookList:
    """List the webhooks."""
    with wired().database.read() as connection:
        found = store.list_webhooks(connection)
    page = page_of(found, query_data, lambda one: (one.name, one.id))
    return WebhookList(items=page.items, next=page.next)


@blueprint.post("")
@blueprint.input(NewWebhook)
@blueprint.output(WebhookSecret, status_code=201)
def create_webhook(json_data: NewWebhook) -> Created[WebhookSecret]:
    """Add a webhook.

    What happens is posted to its address as the schema WebhookEvent says, signed with the
    secret in this answer. It may come twice, under the same webhook-id, and in any order.
    """
    made, secret = managing.add(wired(), asking_user().id, json_data.model_dump())
    return created(WebhookSecret(**made.model_dump(), secret=secret), f"webhooks/{made.id}")


@blueprint.get("/<int:id>")
@blueprint.output(Webhook)
def get_webhook(id: int) -> Webhook:
    """Get a webhook and how it fares."""
    with wired().database.read() as connection:
        return store.find_webhook(connection, id)


@blueprint.patch("/<int:id>")
@blueprint.input(WebhookChange)
@blueprint.output(Webhook)
def change_webhook(id: int, json_data: WebhookChange) -> Webhook:
    """Change a webhook, switch it off, or on again."""
    fields = json_data.model_dump(exclude_unset=True)
    version = fields.pop("version")
    return managing.change(wired(), asking_user().id, id, version, fields)


@blueprint.delete("/<int:id>")
@blueprint.output({}, status_code=204)
def delete_webhook(id: int) -> tuple[str, int]:
    """Delete a webhook, with what was sent to it and what waits."""
    managing.remove(wired(), asking_user().id, id)
    return "", 204


@blueprint.post("/<int:id>/secret")
@blueprint.input(SecretRenewal)
@blueprint.output(WebhookSecret)
def renew_webhook_secret(id: int, json_data: SecretRenewal) -> WebhookSecret:
    """Give a webhook a new secret; for a day the one before signs beside it."""
    renewed, secret = managing.renew(wired(), asking_user().id, id, json_data.version)
    return WebhookSecret(**renewed.model_dump(), secret=secret)


@blueprint.post("/<int:id>/test")
@blueprint.output(Tested)
def test_webhook(id: int) -> Tested:
    """Send a test (of the type webhook.test), and say in words how it went."""
    answered = managing.test(wired(), id)
    return Tested(ok=answered.delivered, why=answered.words)


@blueprint.get("/<int:id>/deliveries")
@blueprint.input(DeliveryFilter, location="query")
@blueprint.output(DeliveryList)
def list_webhook_deliveries(id: int, query_data: DeliveryFilter) -> DeliveryList:
    """List what was sent to a webhook in the last weeks, and what waits."""
    before = number_in(query_data.cursor) if query_data.cursor is not None else None
    with wired().database.read() as connection:
        found = list_deliveries(
            connection, id, query_data.status, before, limit=query_data.limit + 1
        )
    shown = found[: query_data.limit]
    more = len(found) > query_data.limit
    return DeliveryList(items=shown, next=written_cursor((shown[-1].id,)) if more else None)


@blueprint.get("/<int:id>/deliveries/<int:delivery>")
@blueprint.output(DeliveryContent)
def get_webhook_delivery(id: int, delivery: int) -> DeliveryContent:
    """Get a delivery with its body, exactly as it is signed and sent."""
    with wired().database.read() as connection:
        return find_delivery(connection, id, delivery)


@blueprint.post("/<int:id>/deliveries/<int:delivery>/again")
@blueprint.output(Delivery)
def send_delivery_again(id: int, delivery: int) -> Delivery:
    """Send a delivery once more, under the same webhook-id."""
    return managing.again(wired(), id, delivery)
