"""Nothing is stuck: no dead letters but the poison, and nothing waits any more."""

from __future__ import annotations

from datetime import datetime

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import Select, func, select

from services.cases.tables import outbox as cases_outbox
from services.mailgw.tables import outbox as mailgw_outbox
from services.mailgw.tables import outgoing, raw_mails
from services.reporting.tables import outbox as reporting_outbox
from services.rules.tables import due_times, rule_failures
from services.rules.tables import outbox as rules_outbox
from services.web.tables import webhook_deliveries

NAME = "nothing is stuck, and only poison is a dead letter"


def waiting(until: datetime) -> dict[str, tuple[str, Select[tuple[int]]]]:
    """What may still wait, by its name: in which service, and how many it is."""

    def many(table: object) -> Select[tuple[int]]:
        return select(func.count()).select_from(table)  # type: ignore[arg-type]

    outboxes = {
        "cases": cases_outbox,
        "rules": rules_outbox,
        "mailgw": mailgw_outbox,
        "reporting": reporting_outbox,
    }
    found = {
        f"messages to send in {service}": (service, many(t).where(t.c.sent_at.is_(None)))
        for service, t in outboxes.items()
    }
    is_open = outgoing.c.status.in_(("queued", "sending"))
    stored = raw_mails.c.status == "stored"
    unsettled = webhook_deliveries.c.next_try_at.is_not(None)
    return found | {
        "mails to look into": ("mailgw", many(raw_mails).where(stored)),
        "mails to send": ("mailgw", many(outgoing).where(is_open)),
        "rules that are due": ("rules", many(due_times).where(due_times.c.due_at <= until)),
        "rules that broke": ("rules", many(rule_failures)),
        "webhooks to send": ("web", many(webhook_deliveries).where(unsettled)),
    }


def check_rest(evidence: Evidence) -> Finding:
    """Look into the broker's queues and at what each service keeps for later."""
    finding = Finding(NAME)
    for name, (service, question) in waiting(evidence.until).items():
        count = int(next(evidence.rows(service, question))[0])
        finding.expect(count == 0, f"{count} {name}")
    poison = set(evidence.journal.rows("SELECT id, queue FROM poison"))
    for held in evidence.held:
        queue = held.queue.split(".dead")[0].split(".retry")[0]
        is_dead, is_poison = held.queue.endswith(".dead"), (held.id, queue) in poison
        finding.counts["poisonous dead letters" if is_dead and is_poison else "other letters"] += 1
        finding.expect(is_dead and is_poison, f"{held.type} {held.id} is in {held.queue}")
    return finding
