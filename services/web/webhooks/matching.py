"""Which webhooks are told of an event."""

from __future__ import annotations

from collections.abc import Iterable

from services.contracts.cases import CaseEvent
from services.web.webhooks.store import Webhook


def is_for(webhook: Webhook, event: CaseEvent) -> bool:
    """Whether it wants events of this type, and of the section that the case is in by now.

    What happened before it was made is not told to it, though the event may come again later. An
    event that takes a case out of the section is not told to it: it would tell of another's.
    """
    if not webhook.active or event.type not in webhook.event_types:
        return False
    if event.occurred_at < webhook.created_at:
        return False
    return webhook.section_id is None or webhook.section_id in event.data.case.section_path


def wanting(webhooks: Iterable[Webhook], event: CaseEvent) -> list[Webhook]:
    """Those that are told of it."""
    return [one for one in webhooks if is_for(one, event)]
