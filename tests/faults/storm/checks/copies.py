"""What rules, reporting and web keep of the cases equals the cases."""

from __future__ import annotations

import json
from typing import Any

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import select

from services.cases.tables import cases
from services.contracts.cases import CaseSnapshot
from services.reporting.tables import facts
from services.rules.tables import known_cases, past_events
from services.web.tables import inbox as web_inbox
from services.web.tables import webhook_deliveries, webhooks

NAME = "the copies in rules, reporting and web equal the cases"


def check_copies(evidence: Evidence) -> Finding:
    """Case by case for rules and reporting, event by event for the web."""
    finding = Finding(NAME)
    question = select(cases.c.number, cases.c.version, cases.c.snapshot).order_by(cases.c.number)
    t = known_cases
    known = evidence.rows("rules", select(t.c.case_number, t.c.snapshot).order_by(t.c.case_number))
    at = next(known, None)
    reported = {row.number: row for row in evidence.rows("reporting", select(facts))}
    for row in evidence.rows("cases", question):
        finding.counts["cases"] += 1
        if at is not None and at.case_number == row.number:
            _check_known(finding, row, at.snapshot)
            at = next(known, None)
        else:
            finding.accuse(f"rules does not know case {row.number}")
        _check_facts(finding, row, reported.pop(row.number, None))
    if at is not None:
        finding.accuse(f"rules knows case {at.case_number}, which there is not")
    for number in reported:
        finding.accuse(f"reporting knows case {number}, which there is not")
    _check_past(evidence, finding)
    _check_web(evidence, finding)
    return finding


def _check_known(finding: Finding, row: Any, snapshot: str) -> None:
    same = CaseSnapshot.model_validate(row.snapshot) == CaseSnapshot.model_validate_json(snapshot)
    version = json.loads(snapshot)["version"]
    told = f"rules knows case {row.number} as it was at version {version}, it is at {row.version}"
    finding.expect(same, told)


def _check_facts(finding: Finding, row: Any, fact: Any) -> None:
    if fact is None:
        finding.accuse(f"reporting does not know case {row.number}")
        return
    counted = (fact.version, fact.counted_upto, list(fact.counted_beyond))
    finding.expect(
        counted == (row.version, row.version, []),
        f"reporting has counted {counted} of case {row.number} at version {row.version}",
    )
    responsible = row.snapshot["responsible"]
    its = (row.snapshot["state"], responsible["id"] if responsible else None)
    finding.expect(
        its == (fact.state, fact.responsible_id),
        f"reporting has case {row.number} as {fact.state} of {fact.responsible_id}, it is {its}",
    )


def _check_past(evidence: Evidence, finding: Finding) -> None:
    """Each event of each case is kept to rehearse rules with."""
    t = past_events
    kept = {
        (row[0], row[1]) for row in evidence.rows("rules", select(t.c.case_number, t.c.version))
    }
    for number, events in evidence.case_events():
        for event in events:
            finding.expect(
                (number, event.version) in kept,
                f"rules keeps no event {event.version} of case {number}",
            )
            kept.discard((number, event.version))
    for number, version in kept:
        finding.accuse(f"rules keeps an event {version} of case {number} that there is not")


def _check_web(evidence: Evidence, finding: Finding) -> None:
    """Each event that a webhook wants is one delivery, which has arrived."""
    wanted = [(row.id, set(row.event_types)) for row in evidence.rows("web", select(webhooks))]
    taken = {row.id for row in evidence.rows("web", select(web_inbox.c.id))}
    t = webhook_deliveries
    question = select(t.c.webhook_id, t.c.message_id, t.c.outcome)
    made = {(row.webhook_id, row.message_id): row.outcome for row in evidence.rows("web", question)}
    came = {row[0] for row in evidence.journal.rows("SELECT DISTINCT event_id FROM hooked")}
    for _, events in evidence.case_events():
        for event in events:
            for webhook in (id for id, types in wanted if event.type in types):
                finding.counts["events for webhooks"] += 1
                outcome = made.pop((webhook, event.id), "none was made")
                good = outcome == "delivered" and event.id in taken and event.id in came
                what = f"{event.type} {event.id}: delivery {outcome}"
                finding.expect(good, f"{what}, came: {event.id in came}")
    for webhook, event_id in made:
        finding.accuse(f"webhook {webhook} was told of {event_id}, which there is not")
