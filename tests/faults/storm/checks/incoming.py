"""Each accepted mail is one message on one case, or stands where its kind belongs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import select

from services.cases.tables import messages
from services.cases.tables import outbox as cases_outbox
from services.contracts.mail import MailSend
from services.mailgw.actions.process_stored_mails import FATAL
from services.mailgw.tables import raw_mails

NAME = "each accepted mail is one message on one case"
ON_A_CASE = ("token", "number", "thread", "invitation", "new")
# Where mails of a kind may end; those of every other kind are messages.
ENDS = {
    "spam": {"quarantined"},
    "broken": {"quarantined", "filed", "aside"},
    "absence": {"filed", "aside"},
    "returned": {"report"},
    "the same again": {"filed", "again"},
    "the same by another way": {"filed", "again"},
}


def check_incoming(evidence: Evidence) -> Finding:
    """Compare what was given with what is stored, and with what stands on cases."""
    finding = Finding(NAME)
    stored = _stored(evidence)
    places = _places(evidence)
    cases = _cases_of_ours(evidence)
    entries: set[str] = set()
    asked = "SELECT DISTINCT account, kind, sha256, answers, accepted_at FROM given ORDER BY id"
    seen: set[tuple[str, str]] = set()
    for account, kind, sha256, answers, accepted_at in evidence.journal.rows(asked):
        finding.counts["given"] += 1
        finding.expect(accepted_at is not None, f"{kind} {sha256[:12]} was never accepted")
        if (account, sha256) in seen:
            finding.counts["of them the very same again"] += 1
            continue
        seen.add((account, sha256))
        rows = stored.get((account, sha256), [])
        if len(rows) != 1:
            finding.accuse(f"{kind} {sha256[:12]} by {account} is stored {len(rows)} times")
            continue
        _check_one(finding, kind, rows[0], places, cases.get(answers))
        if rows[0].message_id:
            entries.add(rows[0].message_id)
    _check_none_invented(finding, stored, seen, places, entries)
    return finding


def _check_one(
    finding: Finding, kind: str, row: Any, places: dict[str, list[Any]], case: int | None
) -> None:
    end = _end(row)
    finding.counts[f"{kind}: {end}"] += 1
    what = f"{kind} {row.message_id} ({row.status}, {row.filed}, {row.why or row.filed_why})"
    finding.expect(end in ENDS.get(kind, {"filed"}), f"at a wrong end: {what}")
    finding.expect(row.why != FATAL, f"given up for kills: {what}")
    here = places.get(row.message_id, []) if row.message_id else []
    wanted = 1 if end in ("filed", "again") else 0
    finding.expect(len(here) == wanted, f"is {len(here)} messages, not {wanted}: {what}")
    if here and wanted:
        finding.expect(
            row.case_number == here[0].case_number,
            f"said to be on case {row.case_number}, stands on {here[0].case_number}: {what}",
        )
        if case is not None and end == "filed":
            finding.expect(
                here[0].case_number == case, f"stands not on case {case}, which it answers: {what}"
            )


def _check_none_invented(
    finding: Finding,
    stored: dict[tuple[str, str], list[Any]],
    given: set[tuple[str, str]],
    places: dict[str, list[Any]],
    entries: set[str],
) -> None:
    for account, sha256 in set(stored) - given:
        finding.accuse(f"stored, but nobody gave it: {sha256[:12]} by {account}")
    for message_id, rows in places.items():
        finding.counts["messages on cases by mail"] += len(rows)
        if message_id not in entries:
            finding.accuse(f"on case {rows[0].case_number}, but nobody gave it: {message_id}")


def _stored(evidence: Evidence) -> dict[tuple[str, str], list[Any]]:
    t = raw_mails
    columns = (t.c.account, t.c.sha256, t.c.message_id, t.c.status, t.c.filed, t.c.why)
    question = select(*columns, t.c.filed_why, t.c.case_number)
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in evidence.rows("mailgw", question):
        found[row.account, row.sha256].append(row)
    return found


def _places(evidence: Evidence) -> dict[str, list[Any]]:
    """The entries on cases that came by mail, by Message-ID."""
    t = messages
    question = select(t.c.message_id, t.c.case_number, t.c.number).where(t.c.message_id != "")
    found: dict[str, list[Any]] = defaultdict(list)
    for row in evidence.rows("cases", question):
        found[row.message_id].append(row)
    return found


def _cases_of_ours(evidence: Evidence) -> dict[str, int]:
    """The case that each mail of ours is about."""
    found: dict[str, int] = {}
    for row in evidence.messages("cases", cases_outbox, "mail.send"):
        order = MailSend.model_validate_json(row.body)
        if order.case_id is not None:
            found[order.data.message_id] = order.case_id
    return found


def _end(row: Any) -> str:
    if row.status != "published" and row.filed != "report":
        return str(row.status)
    if row.filed in ON_A_CASE:
        return "filed"
    return str(row.filed or "told nobody where it went")
