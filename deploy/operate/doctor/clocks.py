"""How far another machine's clock is from ours."""

from __future__ import annotations

from datetime import datetime

from deploy.operate.doctor.finding import Finding, ok, warning
from services.runtime.clock import now

MOST_SKEW_SECONDS = 5.0


def clock_finding(check: str, theirs: datetime) -> Finding:
    """A warning where it is more than a few seconds."""
    skew = (theirs - now()).total_seconds()
    if abs(skew) <= MOST_SKEW_SECONDS:
        return ok(check, "it agrees with ours")
    way = "ahead of" if skew > 0 else "behind"
    cure = "let both machines follow a time server: due times and leases go by the clock"
    return warning(check, f"it is {abs(skew):.0f} s {way} ours", cure)
