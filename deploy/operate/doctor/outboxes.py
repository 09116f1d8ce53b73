"""Messages that wait in the databases for their relay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deploy.operate.doctor.finding import Finding, ok, warning, wrong
from deploy.operate.installation import outboxes
from services.runtime.clock import now
from services.runtime.settings import Settings

OLD_SECONDS = 10
STUCK_SECONDS = 300


def check_outboxes(settings: Settings, usable: Sequence[str]) -> Iterator[Finding]:
    """The age of the oldest message that was not published, of each service with an outbox."""
    for service, count, oldest in outboxes(settings, usable):
        age = (now() - oldest).total_seconds() if oldest else 0.0
        yield _finding(service, count, age)


def _finding(service: str, count: int, age: float) -> Finding:
    check = f"outbox of {service}"
    says = f"{count} messages wait to be published, the oldest for {age:.0f} s"
    if age >= STUCK_SECONDS:
        cure = f"start the {service} service; if it runs, its log says why its relay waits"
        return wrong(check, says, cure)
    if age >= OLD_SECONDS:
        return warning(check, says, "look again in a minute; a burst of work may be on its way")
    return ok(check, says if count else "nothing waits")
