"""What a delivery tells: a case event in the words of the API, and no more than it shows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.contracts.cases import CaseEvent, CaseSnapshot, Change, MessageAdded, State
from services.contracts.envelope import Part
from services.contracts.routes import CASE_EVENTS

EVENT_TYPES = CASE_EVENTS
EventType = Literal[
    "case.created",
    "case.updated",
    "case.state_changed",
    "case.message_added",
    "case.escalated",
]
TEST = "webhook.test"


class Doer(Part):
    """Who did it, as the history of the case names him."""

    kind: str
    name: str


class CaseHappening(Part):
    """What happened to a case, and the case as it stood then (as GET /cases/{number} shows it).

    `version` counts the events of one case from 1 without a gap, so a receiver can put them in
    order. `state_before` is null when the case did not exist. `message` tells of an entry of
    its discussion; its text is asked for with GET /cases/{number}/messages.
    """

    number: int
    version: int
    actor: Doer
    reason: str
    state_before: State | None
    changes: tuple[Change, ...]
    message: MessageAdded | None
    case: CaseSnapshot


class WebhookEvent(Part):
    """The body that is posted to a webhook, signed in its headers (Standard Webhooks).

    The header `webhook-id` is the same whenever the same event is sent again.
    """

    type: EventType = Field(description="Of what kind; a test is webhook.test, with other data")
    timestamp: datetime = Field(description="When it happened")
    data: CaseHappening


class TestData(Part):
    """What a test says."""

    webhook: str
    text: str = "This is a test; nothing happened."


class TestEvent(Part):
    """The body of a test."""

    type: str = TEST
    timestamp: datetime
    data: TestData


def body_of(event: CaseEvent) -> str:
    """The body that tells of this event, as JSON."""
    data = event.data
    told = CaseHappening(
        number=data.case.number,
        version=event.version,
        actor=Doer(kind=event.actor.kind, name=event.actor.name),
        reason=data.reason,
        state_before=data.state_before,
        changes=data.changes,
        message=data.message,
        case=data.case,
    )
    body = {"type": event.type, "timestamp": event.occurred_at, "data": told}
    return WebhookEvent.model_validate(body).model_dump_json()


def test_body(name: str, at: datetime) -> str:
    """The body of a test of the webhook of this name."""
    return TestEvent(timestamp=at, data=TestData(webhook=name)).model_dump_json()
