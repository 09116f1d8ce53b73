"""Who listens to what: each durable queue with the message types bound to it.

Queue names are frozen once released: renaming one orphans it with its messages.
"""

from __future__ import annotations

CASE_EVENTS = (
    "case.created",
    "case.updated",
    "case.state_changed",
    "case.message_added",
    "case.escalated",
)
DIRECTORY_EVENTS = (
    "user.changed",
    "section.changed",
    "partner.changed",
    "category.changed",
    "kind.changed",
)

ROUTES: dict[str, tuple[str, ...]] = {
    "casewire.cases": (
        "mail.received",
        "mail.sent",
        "mail.bounced",
        "rule.fired",
        "rule.stopped",
        "partner.graded",
    ),
    "casewire.rules": (*CASE_EVENTS, *DIRECTORY_EVENTS, "template.changed"),
    "casewire.mailgw": ("mail.send", "mail.filed"),
    "casewire.reporting": CASE_EVENTS + DIRECTORY_EVENTS,
    "casewire.web": CASE_EVENTS,  # for webhooks; open pages have queues of their own
}

LISTENED = frozenset(name for names in ROUTES.values() for name in names)
