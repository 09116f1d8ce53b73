"""Each reply that the API took stands once on its case, whoever asked however often."""

from __future__ import annotations

import re
from collections import Counter

from faults.storm.checks.finding import Finding
from faults.storm.evidence import Evidence
from sqlalchemy import select

from services.cases.tables import messages

NAME = "each reply by the API stands once on its case"
SAID = re.compile(r"Said once: (storm-reply-\d+)\.")


def check_replies(evidence: Evidence) -> Finding:
    """Compare what the API said it took with the discussions."""
    finding = Finding(NAME)
    t = messages
    question = select(t.c.case_number, t.c.text).where(t.c.kind == "reply", t.c.message_id == "")
    stands: Counter[tuple[str, int]] = Counter()
    for row in evidence.rows("cases", question):
        for key in SAID.findall(row.text):
            stands[key, row.case_number] += 1
    taken = set(evidence.journal.rows("SELECT key, case_number FROM replied"))
    finding.counts["replies"] = len(taken)
    for one in taken | set(stands):
        finding.expect(
            one in taken and stands[one] == 1,
            f"{one[0]} stands {stands[one]} times on case {one[1]}, taken: {one in taken}",
        )
    return finding
