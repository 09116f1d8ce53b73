"""Webhooks, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.envelope import Part
from services.web.api.schemas.base import Cursor, Given, Id, Limit, Version
from services.web.webhooks.addresses import LONGEST_ADDRESS
from services.web.webhooks.deliveries import Delivery, Status
from services.web.webhooks.happened import EventType
from services.web.webhooks.store import LONGEST_NAME, Webhook

ADDRESS = "It begins with https:// and leads to the internet, unless WEB_WEBHOOK_NETWORKS allows"
SECTION = "Only of cases in this section, with all below it; null for all cases"


class NewWebhook(Given):
    """An address to tell of events."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    address: str = Field(
        min_length=1, max_length=LONGEST_ADDRESS, pattern=r"^https?://", description=ADDRESS
    )
    event_types: list[EventType] = Field(min_length=1, max_length=20)
    section_id: Id | None = Field(default=None, description=SECTION)
    active: bool = True


class WebhookChange(Given):
    """Changes to a webhook; a field left out stays. Any change ends its rest."""

    version: Version
    name: str = Field(default="", min_length=1, max_length=LONGEST_NAME)
    address: str = Field(
        default="",
        min_length=1,
        max_length=LONGEST_ADDRESS,
        pattern=r"^https?://",
        description=ADDRESS,
    )
    event_types: list[EventType] = Field(default=[], min_length=1, max_length=20)
    section_id: Id | None = Field(default=None, description=SECTION)
    active: bool = True


class SecretRenewal(Given):
    """A new secret for the webhook of this version."""

    version: Version


class WebhookSecret(Webhook):
    """A webhook with its secret, which is told this once."""

    secret: str = Field(pattern=r"^whsec_", description="For the HMAC-SHA256 of Standard Webhooks")


class WebhookList(Part):
    """Webhooks by name, and the cursor of the next page."""

    items: list[Webhook]
    next: str | None = None


class DeliveryFilter(Given):
    """Which deliveries to list."""

    status: Status | None = None
    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: Limit = 50


class DeliveryList(Part):
    """Deliveries, the newest first, and the cursor of the next page."""

    items: list[Delivery]
    next: str | None = None
