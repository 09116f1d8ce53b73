"""An example of each body that is not plain from its fields, for those who read the document."""

from __future__ import annotations

from typing import Any

CONTACT = {"name": "Erik Holm", "address": "erik@holm.example", "phone": "+46 8 123 45"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "SignIn": {"name": "tom", "password": "correct horse battery", "expires_in_days": 90},
    "NewCase": {
        "subject": "The printer on the second floor is on fire",
        "state": "open",
        "section": "Technical",
        "priority": "highest",
        "deadline": "2026-11-26T16:00:00Z",
        "tags": ["printer"],
    },
    "CaseChange": {"version": 3, "responsible": "tom", "tags": ["printer", "fire"]},
    "StateMove": {"version": 3, "state": "pending"},
    "Escalation": {"version": 3},
    "NewMessage": {"kind": "reply", "text": "We are on our way.", "minutes_spent": 10},
    "Merging": {"version": 3, "into": 90},
    "Splitting": {"version": 3, "message_number": 2, "subject": "A second printer"},
    "NewLink": {"other": 90, "relation": "follows"},
    "SelectionChange": {"numbers": [101, 102], "state": "done", "add_tags": ["tidied"]},
    "NewAction": {"type": "preventive", "text": "New rollers", "due": "2026-12-01"},
    "ActionChange": {"version": 1, "done": True},
    "NewFilter": {"name": "Fires", "question": "state=open&tag=fire"},
    "NewPartner": {"name": "Holm & Co", "contacts": [CONTACT]},
    "NewSection": {"name": "Technical", "reply_address": "technical@desk.example"},
    "NewUser": {"login": "tom", "name": "Tom Novak", "role": "agent", "time_zone": "Europe/Prague"},
    "GivenKind": {
        "code": "repair",
        "name": "Repair",
        "fields": [{"code": "serial", "name": "Serial number", "required": True}],
    },
    "NewRule": {
        "name": "Remind of what waits",
        "criteria": {"state_to": "pending"},
        "trigger": {"date": "last_action", "delay": 3, "unit": "days"},
        "actions": [{"do": "add_tags", "tags": ["waiting"]}],
    },
    "NewTemplate": {
        "name": "Received",
        "subject": "[{{ case.number }}] {{ case.subject }}",
        "text": "We have received your mail and answer soon.",
    },
    "NewWebhook": {
        "name": "Billing",
        "address": "https://billing.example/hooks/casewire",
        "event_types": ["case.created", "case.state_changed"],
        "section_id": 2,
    },
    "GivenRates": {
        "main": "EUR",
        "rates": [{"currency": "USD", "month": "2026-11", "rate": "0.92"}],
        "version": 0,
    },
    "NewGrading": {
        "name": "Supplier quality",
        "kind": "claim",
        "months": 12,
        "grades": [
            {"category_id": 4, "most_cases": 2, "most_cost": "1000.00"},
            {"category_id": 5, "most_cases": 6, "most_hours_to_respond": 24},
            {"category_id": 6},
        ],
    },
    "NewCalendar": {
        "name": "Office",
        "time_zone": "Europe/Berlin",
        "hours": [[["09:00", "17:00"]]] * 5 + [[], []],
        "country": "DE",
    },
}
