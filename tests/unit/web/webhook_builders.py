"""Case events and webhooks for the tests of webhooks."""

from __future__ import annotations

from typing import Any

from services.contracts.cases import CaseData, CaseEvent
from services.contracts.messages import MESSAGES
from services.runtime.clock import now
from services.runtime.identity import new_id
from services.web.webhooks.store import Webhook


def case_event(type_name: str = "case.updated", **fields: Any) -> CaseEvent:
    """An event about case 101; `fields` are of the case, but for those of CaseData."""
    moment = now()
    data = {name: fields.pop(name) for name in list(fields) if name in CaseData.model_fields}
    case = {
        "number": 101,
        "version": 3,
        "subject": "Printer on fire",
        "state": "open",
        "kind": "helpdesk",
        **dict.fromkeys(("created_at", "last_action_at", "state_since"), moment),
        **fields,
    }
    event = MESSAGES[type_name].model_validate(
        {
            "id": new_id(),
            "type": type_name,
            "occurred_at": moment,
            "case_id": case["number"],
            "version": case["version"],
            "actor": {"kind": "user", "id": 3, "name": "Tom Novak"},
            "cause": [{"kind": "rule", "id": "7", "name": "Secret rule"}],
            "data": {"case": case, **data},
        }
    )
    assert isinstance(event, CaseEvent)
    return event


def a_webhook(**fields: Any) -> Webhook:
    """A webhook that wants every update."""
    usual = {
        "id": 1,
        "name": "Billing",
        "address": "https://billing.example/hook",
        "event_types": ["case.created", "case.updated"],
        "section_id": None,
        "active": True,
        "off_reason": "",
        "failures": 0,
        "last_error": "",
        "rests_until": None,
        "version": 1,
        "created_by": 1,
        "created_at": now(),
    }
    return Webhook.model_validate({**usual, **fields})
