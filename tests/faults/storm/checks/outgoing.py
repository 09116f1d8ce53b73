"""Each ordered mail arrived; one that came again is explained by a fault at that moment."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import select

from services.cases.tables import outbox as cases_outbox
from services.contracts.mail import MailSend
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.tables import outbox as mailgw_outbox
from services.mailgw.tables import outgoing

NAME = "each outgoing mail arrived"
# What may part the server's yes from its being written down: the death of the gateway, and what
# keeps the answer or the commit from it.
PARTING = (
    "(kind LIKE 'kill%' AND target IN ('mailgw', 'database'))"
    " OR (kind LIKE 'line%' AND target IN ('mailgw to SMTP', 'mailgw to database'))"
    " OR kind = 'disk full' OR (kind = 'freeze service' AND target = 'mailgw')"
    " OR (kind = 'clock jump' AND target = 'mailgw')"
)
# Between the server's yes and the commit of it lie milliseconds, on a busy machine seconds; a
# silent line is given up after two minutes.
BEFORE_SECONDS, AFTER_SECONDS = 2.0, 15.0
HELD_BACK = "held back:"


def check_outgoing(evidence: Evidence) -> Finding:
    """Compare what cases ordered with the queue, and with what the servers of others got."""
    finding = Finding(NAME)
    queue = {row.id: row for row in evidence.rows("mailgw", select(outgoing))}
    told = _told_sent(evidence)
    ordered: set[str] = set()
    for row in evidence.messages("cases", cases_outbox, "mail.send"):
        order = MailSend.model_validate_json(row.body)
        finding.counts["ordered"] += 1
        finding.expect(
            order.data.message_id not in ordered, f"ordered twice: {order.data.message_id}"
        )
        ordered.add(order.data.message_id)
        stands = queue.pop(order.id, None)
        if stands is None:
            finding.accuse(f"not in the queue: {order.id} {order.data.message_id}")
        else:
            _check_one(evidence, finding, order, stands, told)
    for id in queue:
        finding.accuse(f"queued, but cases never ordered it: {id}")
    asked = "SELECT DISTINCT message_id FROM arrived"
    for (message_id,) in evidence.journal.rows(asked):
        finding.expect(message_id in ordered, f"arrived, but nobody ordered it: {message_id}")
    return finding


def _check_one(
    evidence: Evidence, finding: Finding, order: MailSend, row: Any, told: Counter[str]
) -> None:
    finding.counts[f"{order.data.purpose}: {row.status}"] += 1
    what = f"{order.data.message_id} ({order.data.purpose}, {row.status}, {row.why})"
    finding.expect(row.status in ("sent", "failed"), f"neither sent nor given up: {what}")
    finding.expect(row.status != "failed" or bool(row.why), f"failed without a reason: {what}")
    finding.expect(
        (told[order.id] >= 1) == (row.status == "sent"), f"told {told[order.id]} times: {what}"
    )
    wanted = {
        wire.lower()
        for one in (*order.data.to, *order.data.cc)
        if (wire := wire_address(one.address))
    }
    for recipient in wanted:
        asked = "SELECT at, connection, mark FROM arrived WHERE message_id = ? AND recipient = ?"
        came = list(evidence.journal.rows(f"{asked} ORDER BY at", order.data.message_id, recipient))
        refused = recipient in row.why.lower()
        if not came:
            if HELD_BACK in row.why:
                finding.counts["held back, as loops are"] += 1
            finding.expect(refused, f"never came to {recipient}: {what}")
            continue
        finding.counts["arrived"] += 1
        finding.expect(len({mark for *_, mark in came}) == 1, f"came in two forms: {what}")
        _check_doubles(evidence, finding, came, row.attempts, f"{what} to {recipient}")


def _check_doubles(
    evidence: Evidence, finding: Finding, came: list[Any], attempts: int, what: str
) -> None:
    """All but the last were not written down: something struck at that moment."""
    finding.expect(attempts >= len(came), f"came {len(came)} times in {attempts} attempts: {what}")
    for at, *_ in came[:-1]:
        finding.counts["arrived once more"] += 1
        fault = _fault_at(evidence, at)
        if fault is None:
            finding.accuse(f"came again, and nothing struck when it came first at {at:.1f}: {what}")
        else:
            finding.explained.append(f"came again for fault #{fault[0]} {fault[1]}: {what}")


def _fault_at(evidence: Evidence, at: float) -> tuple[int, str] | None:
    """A fault that was in force then, or struck just behind it."""
    asked = f"SELECT number, told FROM faults WHERE ({PARTING}) AND begun < ? AND ended > ?"
    ordered = f"{asked} ORDER BY abs(begun - ?) LIMIT 1"
    found = evidence.journal.rows(ordered, at + AFTER_SECONDS, at - BEFORE_SECONDS, at)
    return next(((number, told) for number, told in found), None)


def _told_sent(evidence: Evidence) -> Counter[str]:
    rows: Iterable[Any] = evidence.messages("mailgw", mailgw_outbox, "mail.sent")
    return Counter(json.loads(row.body)["data"]["command_id"] for row in rows)
