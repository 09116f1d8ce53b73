"""Every check, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from faults.storm.checks.consumed import check_consumed
from faults.storm.checks.copies import check_copies
from faults.storm.checks.finding import Finding
from faults.storm.checks.firings import check_firings
from faults.storm.checks.histories import check_histories
from faults.storm.checks.incoming import check_incoming
from faults.storm.checks.outgoing import check_outgoing
from faults.storm.checks.replies import check_replies
from faults.storm.checks.reports import check_reports
from faults.storm.checks.rest import check_rest
from faults.storm.evidence import Evidence

Check = Callable[[Evidence], Finding]
CHECKS: tuple[Check, ...] = (
    check_incoming,
    check_histories,
    check_consumed,
    check_copies,
    check_reports,
    check_firings,
    check_outgoing,
    check_replies,
    check_rest,
)


@dataclass
class Verdict:
    """What all checks found, and how long they took."""

    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not any(one.wrong_count for one in self.findings)


def judge(evidence: Evidence) -> Verdict:
    """Run every check."""
    begin = time.monotonic()
    findings = [check(evidence) for check in CHECKS]
    return Verdict(findings, time.monotonic() - begin)
