"""The history of each case has no gap, and an event for each of its steps."""

from __future__ import annotations

from collections import Counter

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import func, select

from services.cases.tables import cases, history, messages, outbox
from services.contracts.routes import CASE_EVENTS

NAME = "each change of a case is one event, and its versions have no gap"


def check_histories(evidence: Evidence) -> Finding:
    """Compare cases, their history, their events and their discussions."""
    finding = Finding(NAME)
    versions = _most(evidence, history.c.version)
    entries = _most(evidence, messages.c.number)
    question = select(cases.c.number, cases.c.version, cases.c.messages, cases.c.snapshot)
    told = {number: events for number, events in _told(evidence)}
    for row in evidence.rows("cases", question):
        finding.counts["cases"] += 1
        finding.counts["events"] += row.version
        whole = (row.version, row.version)
        named = f"case {row.number}"
        finding.expect(
            versions[row.number] == whole,
            f"{named} is at version {row.version}, its history has {versions[row.number]}",
        )
        finding.expect(
            entries[row.number] == (row.messages, row.messages),
            f"{named} counts {row.messages} messages and has {entries[row.number]}",
        )
        finding.expect(
            told.get(row.number) == list(range(1, row.version + 1)),
            f"{named} at version {row.version} was told of by {told.get(row.number)}",
        )
        finding.expect(
            row.snapshot["version"] == row.version, f"{named} holds another version of itself"
        )
    _check_events(evidence, finding)
    return finding


def _told(evidence: Evidence) -> list[tuple[int, list[int]]]:
    """The versions that the events of each case carry, in the order of its history."""
    return [
        (number, [event.version for event in events if event.case_id == number])
        for number, events in evidence.case_events()
    ]


def _check_events(evidence: Evidence, finding: Finding) -> None:
    """No event is told that no history knows."""
    question = select(outbox.c.type, func.count()).group_by(outbox.c.type)
    counted = Counter({kind: int(count) for kind, count in evidence.rows("cases", question)})
    told = sum(counted[kind] for kind in CASE_EVENTS)
    finding.expect(
        told == finding.counts["events"],
        f"{told} events of cases were told, their histories have {finding.counts['events']}",
    )


def _most(evidence: Evidence, column: object) -> dict[int, tuple[int, int]]:
    """How many rows each case has in the table of this column, and the highest number there."""
    table = column.table  # type: ignore[attr-defined]
    question = select(table.c.case_number, func.count(), func.max(column)).group_by(
        table.c.case_number
    )
    found: dict[int, tuple[int, int]] = {}
    for number, count, most in evidence.rows("cases", question):
        found[number] = (int(count), int(most))
    return _WithNone(found)


class _WithNone(dict[int, tuple[int, int]]):
    def __missing__(self, key: int) -> tuple[int, int]:
        return (0, 0)
