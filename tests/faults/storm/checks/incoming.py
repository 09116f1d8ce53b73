"""Each accepted mail is one message on one case, or stands where its kind belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
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
# Where mails of a kind may end; those of every other kind are messages. Of several with one
# Message-ID the first to come is the message, whichever that is.
ENDS = {
    "spam": {"quarantined"},
    "broken": {"quarantined", "filed", "aside"},
    "absence": {"filed", "aside"},
    "returned": {"report"},
    "the same by another way": {"filed", "again"},
}


def check_incoming(evidence: Evidence) -> Finding:
    """Compare what was given with what is stored, and with what stands on cases."""
    accounts = _Accounts(_stored(evidence), _places(evidence), _cases_of_ours(evidence))
    asked = "SELECT account, kind, sha256, answers, accepted_at FROM given ORDER BY id"
    for account, kind, sha256, answers, accepted_at in evidence.journal.rows(asked):
        told = f"{kind} {sha256[:12]} by {account}"
        accounts.finding.expect(accepted_at is not None, f"{told} was never accepted")
        accounts.take(account, sha256, kind, answers)
    accounts.close()
    return accounts.finding


@dataclass
class _Accounts:
    """What is stored by account and bytes, what stands on cases, and the cases of our mails."""

    stored: dict[tuple[str, str], list[Any]]
    places: dict[str, list[Any]]
    cases: dict[str, int]
    finding: Finding = field(default_factory=lambda: Finding(NAME))
    seen: set[tuple[str, str]] = field(default_factory=set)
    filed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.twins = Counter(row.message_id for rows in self.stored.values() for row in rows)

    def take(self, account: str, sha256: str, kind: str, answers: str) -> None:
        """Look at one mail that was given."""
        counts, rows = self.finding.counts, self.stored.get((account, sha256), [])
        counts["given"] += 1
        if (account, sha256) in self.seen:
            counts["of them the very same again"] += 1
            return
        self.seen.add((account, sha256))
        if len(rows) != 1:
            self.finding.accuse(f"{kind} {sha256[:12]} by {account} is stored {len(rows)} times")
            return
        (row,) = rows
        end = _end(row)
        counts[f"{kind}: {end}"] += 1
        self.filed[row.message_id] += end == "filed"
        what = f"{kind} {row.message_id} ({row.status}, {row.filed}, {row.why or row.filed_why})"
        self._check_end(row, kind, end, what)
        self._check_place(row, end, self.cases.get(answers), what)

    def close(self) -> None:
        """Nothing is there that nobody gave, and of twins one is the message."""
        for message_id, count in self.filed.items():
            self.finding.expect(count <= 1, f"{count} mails were filed as {message_id}")
        for account, sha256 in set(self.stored) - self.seen:
            self.finding.accuse(f"stored, but nobody gave it: {sha256[:12]} by {account}")
        for message_id, rows in self.places.items():
            self.finding.counts["messages on cases by mail"] += len(rows)
            if message_id not in self.filed:
                told = f"on case {rows[0].case_number}, but nobody gave it: {message_id}"
                self.finding.accuse(told)

    def _check_end(self, row: Any, kind: str, end: str, what: str) -> None:
        allowed = ENDS.get(kind, {"filed"})
        if self.twins[row.message_id] > 1:
            allowed = allowed | {"again"}
        self.finding.expect(end in allowed, f"at a wrong end: {what}")
        self.finding.expect(row.why != FATAL, f"given up for kills: {what}")

    def _check_place(self, row: Any, end: str, case: int | None, what: str) -> None:
        here = self.places.get(row.message_id, []) if row.message_id else []
        wanted = 1 if end in ("filed", "again") else 0
        self.finding.expect(len(here) == wanted, f"is {len(here)} messages, not {wanted}: {what}")
        if not (here and wanted):
            return
        at = here[0].case_number
        self.finding.expect(
            row.case_number == at, f"said to be on case {row.case_number}, stands on {at}: {what}"
        )
        if case is not None and end == "filed":
            told = f"stands not on case {case}, which it answers, but on {at}: {what}"
            self.finding.expect(at == case, told)


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
