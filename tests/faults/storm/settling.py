"""Behind the storm: all is healed, clocks are put on so that nothing waits long, and rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from faults.storm.checks.rest import waiting
from faults.storm.evidence import Evidence, database_of
from faults.storm.plan import SERVICES
from faults.storm.site import Site
from faults.storm.strikes.surroundings import USUAL_DISK, USUAL_MEMORY
from kombu.connection import Connection
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from support.broker import BrokerAway

from services.cases.tables import outbox as cases_outbox
from services.contracts.routes import ROUTES
from services.mailgw.tables import raw_mails
from services.messaging import topology
from services.messaging.publisher import BUS_TROUBLE

QUIET_LOOKS, LOOK_SECONDS = 8, 0.5
READY_SECONDS = 120.0
# By how many seconds clocks are put on: a mail that failed waits for hours in the end, a webhook
# rests, and a rule waits for its date.
PUT_ON = {"mailgw": 86_400.0, "web": 7 * 3600.0, "rules": 3600.0}
SAY_SECONDS = 15.0


def heal(site: Site) -> None:
    """Everything works again; what was killed last is started. Raises AssertionError if not."""
    for line in site.lines.values():
        line.heal()
    if site.disk is not None:
        site.disk.free()
    site.revive_database()
    commands = (("set_vm_memory_high_watermark", USUAL_MEMORY), ("set_disk_free_limit", USUAL_DISK))
    for command in commands:
        with suppress(BrokerAway):
            site.broker.control(*command)
    site.system.wait_until_all_ready(READY_SECONDS)


def come_to_rest(site: Site, patience_seconds: float, say: Callable[[str], None]) -> datetime:
    """Wait until nothing waits any more, and has not for a while; how far the rules' clock is.

    When patience ends first, the checks tell what waits.
    """
    for name in SERVICES:
        site.system.set_clock(name, PUT_ON.get(name, 0.0))
    databases = {name: database_of(site, name) for name in SERVICES}
    evidence = Evidence(databases, site.journal)
    deadline, said, looks = time.monotonic() + patience_seconds, 0.0, 0
    before: dict[str, int] = {}
    try:
        while looks < QUIET_LOOKS and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            found = _look(site, evidence)
            events = found.pop("events", -1)
            is_quiet = not any(found.values()) and events == before.get("events")
            looks = looks + 1 if is_quiet else 0
            before = {"events": events}
            if not is_quiet and time.monotonic() - said > SAY_SECONDS:
                said = time.monotonic()
                say(f"  waits: { ({name: n for name, n in found.items() if n}) }, {events} events")
    finally:
        evidence.close()
    return rules_clock()


def rules_clock() -> datetime:
    """What the clock of the rules service shows behind the storm."""
    return datetime.now(UTC) + timedelta(seconds=PUT_ON["rules"])


def _look(site: Site, evidence: Evidence) -> dict[str, int]:
    """What waits, and how many events there are; whoever does not answer counts as waiting."""
    found: dict[str, int] = {}
    try:
        for name, (service, question) in waiting(rules_clock()).items():
            if name != "rules that broke":
                found[name] = int(next(evidence.rows(service, question))[0])
        stored = int(next(evidence.rows("mailgw", select(func.count()).select_from(raw_mails)))[0])
        given = "SELECT count(*) FROM (SELECT DISTINCT account, sha256 FROM given)"
        found["mails to fetch"] = site.journal.count(given) - stored
        ends = select(func.max(cases_outbox.c.position))
        found["events"] = int(next(evidence.rows("cases", ends))[0] or 0)
        found["messages in queues"] = _queued(site)
    except (SQLAlchemyError, *BUS_TROUBLE) as error:
        found[f"{type(error).__name__}"] = 1
    return found


def _queued(site: Site) -> int:
    """Messages that the broker has for consumers, or keeps for a later attempt."""
    total = 0
    with Connection(site.amqp_uri, connect_timeout=5) as connection:
        for name in ROUTES:
            queues = [topology.main_queue(name)]
            queues += [topology.retry_queue(name, pause) for pause in topology.PAUSES_SECONDS]
            for queue in queues:
                bound = queue.bind(connection.default_channel)
                total += int(bound.queue_declare(passive=True).message_count)
    return total
