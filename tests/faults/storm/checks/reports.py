"""Reports equal what a plain count of the histories of all cases comes to."""

from __future__ import annotations

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from support.plain_report import is_the_same, report_of

from services.contracts.reports import Report, ReportQuestion
from services.reporting.queries import report

NAME = "reports equal the history"
# So that each table of sums is read, and the facts.
CUTS: tuple[tuple[str, ...], ...] = (
    (),
    ("month", "user", "section", "state"),
    ("month", "priority", "kind"),
    ("month", "category"),
    ("day",),
    ("partner",),
)


def check_reports(evidence: Evidence) -> Finding:
    """Ask for some reports, and work out the same from the histories."""
    finding = Finding(NAME)
    histories = evidence.histories
    finding.counts["cases"] = len(histories)
    for by in CUTS:
        question = ReportQuestion(by=by, percentiles=True)
        with evidence.databases["reporting"].read() as connection:
            told = Report.model_validate(report(connection, question))
        rows = {(*(row.cell(cut) for cut in by), row.currency): row for row in told.rows}
        plain = report_of(histories, by)
        for key in rows.keys() | plain.keys():
            finding.counts["rows"] += 1
            if key not in rows or key not in plain:
                finding.accuse(
                    f"by {by}: {key} is only in the {'report' if key in rows else 'history'}"
                )
            elif not is_the_same(rows[key], plain[key]):
                finding.accuse(f"by {by}: {key} is {rows[key]}, from the history {plain[key]}")
        events = sum(len(one.steps) for one in histories)
        finding.expect(told.as_of == events, f"{told.as_of} events are in reports of {events}")
    return finding
