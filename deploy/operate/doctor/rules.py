"""Rules that cannot be read, and rules that broke lately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from deploy.operate.doctor.finding import Finding, ok, warning, wrong
from deploy.operate.installation import database_of
from services.rules import queries
from services.rules.tables import rule_failures, rules
from services.runtime.clock import now
from services.runtime.settings import Settings

LATELY = timedelta(days=1)


def check_rules(settings: Settings, usable: Sequence[str]) -> Iterator[Finding]:
    """What the rules' database tells."""
    if "rules" not in usable:
        return
    t = rule_failures
    broken = (
        select(rules.c.name, func.count())
        .join(t, t.c.rule_id == rules.c.id)
        .where(t.c.at > now() - LATELY)
        .group_by(rules.c.name)
    )
    with database_of(settings, "rules") as database, database.read() as connection:
        readable, unreadable = queries.read_rules(connection)
        failures = list(connection.execute(broken))
    for name in unreadable:
        cure = "run the release that saved it, or delete it and make it anew"
        yield wrong(f"rule {name}", "this release cannot read it: it does not fire", cure)
    for name, count in failures:
        cure = "its page in the browser says on which cases and why"
        yield warning(f"rule {name}", f"it broke on {count} cases in the last day", cure)
    if not unreadable and not failures:
        yield ok("rules", f"{len(readable)} rules, none of which broke in the last day")
