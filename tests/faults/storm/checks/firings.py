"""Each rule fired once where it was due, and nowhere else: read from decision 0006 literally."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import select
from support.rules_read_literally import Heard, due, episode, fires_on, hears

from services.contracts.cases import CaseEvent
from services.contracts.rules import Rule
from services.rules.tables import firings, outbox, rules

NAME = "each due rule fired once"
# A rule that a case stopped waiting for need not have fired when that was so soon behind the
# moment it was due: the rules service may have been down, or the clock of cases ahead.
GRACE = timedelta(minutes=10)
Key = tuple[int, int, str]


@dataclass
class Wait:
    """A case waits for a rule: from when it is due, and until when it waited (None: still)."""

    due_at: datetime
    ended_at: datetime | None = None


def check_firings(evidence: Evidence) -> Finding:
    """Work out from the histories what should have fired; compare with what did."""
    finding = Finding(NAME)
    known = [_rule(row) for row in evidence.rows("rules", select(rules))]
    timed = [rule for rule in known if rule.trigger.date != "none"]
    at_once = [rule for rule in known if rule.trigger.date == "none"]
    fired = _fired(evidence, finding)
    obeyed: Counter[str] = Counter()
    for number, events in evidence.case_events():
        obeyed.update(e.data.firing.firing_id for e in events if e.data.firing is not None)
        for event in events:
            for rule in at_once:
                _check_at_once(finding, fired, rule, event)
        for key, wait in _waits(timed, number, events):
            _check_timed(finding, fired, key, wait, evidence.until)
    for (rule_id, number, name), row in fired.items():
        finding.accuse(f"rule {rule_id} fired for case {number} without cause ({name}, {row.id})")
    _check_orders(evidence, finding, obeyed)
    return finding


def _rule(row: Any) -> Rule:
    fields = {**json.loads(row.body), "id": row.id, "version": row.version, "name": row.name}
    return Rule.model_validate(fields)


def _fired(evidence: Evidence, finding: Finding) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for row in evidence.rows("rules", select(firings).where(firings.c.outcome != "skipped")):
        key = (row.rule_id, row.case_number, row.episode)
        finding.expect(key not in found, f"fired twice: {key}")
        finding.counts[f"{row.outcome}: {row.rule_name}"] += 1
        found[key] = row
    return found


def _check_at_once(finding: Finding, fired: dict[Key, Any], rule: Rule, event: CaseEvent) -> None:
    if fires_on(rule, event):
        row = fired.pop((rule.id, event.case_id, event.id), None)
        what = f"“{rule.name}” did not fire on {event.type} {event.version} of {event.case_id}"
        finding.expect(row is not None, what)


def _waits(
    timed: Sequence[Rule], number: int, events: Sequence[CaseEvent]
) -> Iterator[tuple[Key, Wait]]:
    """For what this case waited, each episode once, as long as it did."""
    waits: dict[Key, Wait] = {}
    heard: Heard | None = None
    for event in events:
        heard = hears(heard, event)
        assert heard is not None
        now: set[Key] = set()
        for rule in timed:
            moment = due(rule, heard)
            if moment is None:
                continue
            key = (rule.id, number, _named(rule, heard))
            now.add(key)
            if key not in waits or waits[key].ended_at is not None:
                waits[key] = Wait(moment)
        for key, wait in waits.items():
            if key not in now and wait.ended_at is None:
                wait.ended_at = event.occurred_at
    yield from waits.items()


def _named(rule: Rule, heard: Heard) -> str:
    """The episode as the firings name it."""
    date, *parts = episode(rule, heard.case)
    if date == "creation":
        parts.insert(0, heard.case.created_at)
    moments = [one.astimezone(UTC).isoformat(timespec="microseconds") for one in parts if one]
    return " ".join([date, *moments])


def _check_timed(
    finding: Finding, fired: dict[Key, Any], key: Key, wait: Wait, until: datetime
) -> None:
    row = fired.pop(key, None)
    what = f"rule {key[0]} for case {key[1]} ({key[2]}), due at {wait.due_at}"
    if row is None:
        finding.counts["waits that ended before"] += 1
        ended = wait.ended_at or datetime.max.replace(tzinfo=UTC)
        overdue = wait.due_at <= until and wait.due_at + GRACE < ended
        finding.expect(not overdue, f"did not fire: {what}, waited until {wait.ended_at}")
        return
    finding.counts["waits that were due"] += 1
    finding.expect(row.at >= wait.due_at, f"fired at {row.at}, before its time: {what}")


def _check_orders(evidence: Evidence, finding: Finding, obeyed: Counter[str]) -> None:
    """Each firing is ordered once, and cases has obeyed it once."""
    ordered: Counter[str] = Counter()
    for row in evidence.messages("rules", outbox, "rule.fired"):
        ordered[json.loads(row.body)["data"]["firing_id"]] += 1
    question = select(firings.c.id).where(firings.c.outcome == "fired")
    for row in evidence.rows("rules", question):
        told = f"firing {row.id} was ordered {ordered[row.id]} times, obeyed {obeyed[row.id]} times"
        finding.expect(ordered[row.id] == 1 and obeyed[row.id] == 1, told)
        obeyed.pop(row.id, None)
    for firing in obeyed:
        finding.accuse(f"cases obeyed a firing {firing} that there is not")
