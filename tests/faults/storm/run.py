"""One storm from the first mail to the verdict."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from faults.storm.agents import Agents
from faults.storm.evidence import Evidence, database_of, held_by_broker
from faults.storm.journal import Journal
from faults.storm.office import furnish
from faults.storm.plan import SERVICES, plan_of
from faults.storm.record import Record
from faults.storm.settling import come_to_rest, heal
from faults.storm.site import Site, standing
from faults.storm.stream import Stream
from faults.storm.striking import Striking
from faults.storm.verdict import Verdict, judge

Say = Callable[[str], None]
REPLY_EVERY = 8  # mails that come in
MEGABYTES, MEGABYTES_A_MAIL = 300, 0.08
PATIENCE_SECONDS, AGENTS_SECONDS = 1200.0, 120.0


@dataclass(frozen=True)
class Storm:
    """What is to be run; with a `small_disk` as root, which can be filled up."""

    seed: int
    seconds: float
    mails: int
    faults: int
    postgresql: bool = False
    small_disk: bool = True

    @property
    def disk_megabytes(self) -> int:
        """How large the disk is; 0 where there is none."""
        return round(MEGABYTES + MEGABYTES_A_MAIL * self.mails) if self.small_disk else 0


def run(storm: Storm, folder: Path, say: Say) -> tuple[Verdict, Record]:
    """Run it in this folder; what the checks found, and the record to be written.

    Behind it nothing runs any more; the journal is in the folder.
    """
    journal = Journal(folder / "journal.sqlite3")
    record = Record(asdict(storm))
    options = {"postgresql": storm.postgresql, "disk_megabytes": storm.disk_megabytes}
    begin = time.monotonic()
    with standing(folder, journal, **options) as site:
        furnish(site)
        record.durations["start"] = time.monotonic() - begin
        with _timed(record, "storm"):
            _rage(storm, site, record, say)
        with _timed(record, "until rest"):
            until = _settle(site, record, say)
        evidence = Evidence({name: database_of(site, name) for name in SERVICES}, journal)
        evidence.held, evidence.until = held_by_broker(site.amqp_uri), until
        try:
            verdict = judge(evidence)
        finally:
            evidence.close()
        if site.disk is not None:
            record.more["databases and attachments (MB)"] = site.disk.used_megabytes()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    record.more["most memory of the storm itself (MB)"] = most
    return verdict, record


def _rage(storm: Storm, site: Site, record: Record, say: Say) -> None:
    """Mails, replies and faults at once, until all mails are taken and no fault is left."""
    plan = plan_of(storm.seed, storm.seconds, storm.faults, postgresql=storm.postgresql)
    if site.disk is None:
        plan = [fault for fault in plan if fault.kind != "disk full"]
    if site.disk is None and storm.small_disk:
        record.troubles.append("the disk was never full: that needs root, for a small tmpfs")
    site.journal.keep_plan(plan)
    a_second = storm.mails / storm.seconds
    stream = Stream(site, storm.seed, storm.mails, a_second)
    agents = Agents(site, storm.seed, REPLY_EVERY / a_second)
    striking = Striking(site, plan, say)
    stream.start()
    agents.start()
    striking.run()
    heal(site)
    record.troubles += striking.errors
    record.troubles += stream.finish(storm.seconds + PATIENCE_SECONDS)
    record.troubles += agents.go_home(AGENTS_SECONDS)
    record.more["killed deliveries"] = stream.killed_deliveries


def _settle(site: Site, record: Record, say: Say) -> datetime:
    """Wait for rest, then stop every service in good order."""
    until = come_to_rest(site, PATIENCE_SECONDS, say)
    site.system.supervise_no_more()
    try:
        site.system.stop()
    except AssertionError as error:
        record.troubles.append(f"a service did not stop in good order: {error}")
    return until


@contextmanager
def _timed(record: Record, name: str) -> Iterator[None]:
    begin = time.monotonic()
    yield
    record.durations[name] = time.monotonic() - begin
