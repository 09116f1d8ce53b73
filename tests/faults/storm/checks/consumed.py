"""Each message took effect once in each service that listens to it."""

from __future__ import annotations

import json
from collections import Counter

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import Table, select

from services.cases import tables as of_cases
from services.contracts.routes import ROUTES
from services.mailgw import tables as of_mailgw
from services.reporting import tables as of_reporting
from services.rules import tables as of_rules

NAME = "each message took effect in each service that listens to it"
OUTBOXES: dict[str, Table] = {
    "cases": of_cases.outbox,
    "rules": of_rules.outbox,
    "mailgw": of_mailgw.outbox,
    "reporting": of_reporting.outbox,
}
# By what a service knows that a message has taken effect. The gateway has no inbox: an order is
# in its queue, and a filing beside its mail. What the web took in is looked at with its copies.
INBOXES: dict[str, Table] = {
    "casewire.cases": of_cases.inbox,
    "casewire.rules": of_rules.inbox,
    "casewire.reporting": of_reporting.inbox,
}


def check_consumed(evidence: Evidence) -> Finding:
    """Look each message up where it should have taken effect."""
    finding = Finding(NAME)
    known = {queue: _ids(evidence, queue, table) for queue, table in INBOXES.items()}
    orders = {row.id for row in evidence.rows("mailgw", select(of_mailgw.outgoing.c.id))}
    filed = _filed(evidence)
    for service, outbox in OUTBOXES.items():
        for row in evidence.messages(service, outbox):
            finding.counts["messages"] += 1
            finding.expect(row.sent_at is not None, f"{service}: {row.type} {row.id} was not sent")
            for queue, ids in known.items():
                if row.type in ROUTES[queue]:
                    finding.counts[f"taken in by {queue.removeprefix('casewire.')}"] += 1
                    finding.expect(row.id in ids, f"{queue} knows nothing of {row.type} {row.id}")
            if row.type == "mail.send":
                finding.expect(row.id in orders, f"the order {row.id} is not in the queue")
            if row.type == "mail.filed":
                mail = json.loads(row.body)["data"]["mail_id"]
                finding.expect(filed[mail], f"where mail {mail} went is not kept ({row.id})")
    return finding


def _ids(evidence: Evidence, queue: str, inbox: Table) -> set[str]:
    service = queue.removeprefix("casewire.")
    return {row.id for row in evidence.rows(service, select(inbox.c.id))}


def _filed(evidence: Evidence) -> Counter[str]:
    t = of_mailgw.raw_mails
    question = select(t.c.id).where(t.c.filed.is_not(None))
    return Counter(row.id for row in evidence.rows("mailgw", question))
