"""Looking at the facts for Prometheus without keeping anybody waiting, however many there are.

Open cases are found by their state, of which the facts have an index. The delays of closed
ones are counted in a sweep: each look reads the next STEP facts by number, and when the last
is read the counts are shown and the sweep begins anew. So no look is long, there is nothing
to keep in step with events that come late, twice or by a rebuild, and a desk of less than
STEP cases has its histogram fresh each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from services.contracts.cases import UNCLOSED
from services.reporting import metrics
from services.reporting.metrics import DELAYS, CaseMetrics, Delays, OpenCases
from services.reporting.tables import facts, names

STEP = 20_000
# On SQLite the whole process waits while the database reads: looks may take this part of it.
SHARE = 0.01
# On a machine that is busy with other things a look may be long by chance; seconds.
LONGEST_REST = 10.0


@dataclass
class Turn:
    """Work that is due when it has rested long enough for its share of the time."""

    work: Callable[[Connection], None]
    next: float = 0.0

    def take(self, connection: Connection, clock: Callable[[], float]) -> None:
        """Do it, if it is due."""
        began = clock()
        if began < self.next:
            return
        self.work(connection)
        ended = clock()
        self.next = ended + min((ended - began) / SHARE, LONGEST_REST)


class Observer:
    """Keeps `shown` as the facts are; call `observe` each two seconds or slower."""

    def __init__(
        self, shown: CaseMetrics, step: int = STEP, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shown = shown
        self._step = step
        self._clock = clock
        self._sweep = Sweep()
        self._turns = (Turn(self._look_at_open), Turn(self._go_on_sweeping))

    def observe(self, connection: Connection) -> None:
        """One look; raises what the database does, and then shows what it has shown before."""
        for turn in self._turns:
            turn.take(connection, self._clock)

    def _look_at_open(self, connection: Connection) -> None:
        self._shown.open_cases = open_cases(connection)

    def _go_on_sweeping(self, connection: Connection) -> None:
        if self._sweep.go_on(connection, self._step):
            self._shown.delays = self._sweep.delays()
            self._sweep = Sweep()


class Sweep:
    """Counts the delays of all closed cases, some facts at a time; each case is seen once."""

    def __init__(self) -> None:
        self._after = -1
        self._at_most = [0] * len(DELAYS)
        self._count = 0
        self._milliseconds = 0

    def go_on(self, connection: Connection, step: int) -> bool:
        """Count the next ones; answers whether these were the last."""
        page = (
            select(facts.c.number, facts.c.milliseconds_to_close.label("delay"))
            .where(facts.c.number > self._after, facts.c.merged == 0)
            .order_by(facts.c.number)
            .limit(step)
            .subquery()
        )
        within = [func.count(case((page.c.delay <= edge * 1_000, 1))) for edge in DELAYS]
        sums = (func.count(page.c.delay), func.sum(page.c.delay))
        question = select(func.max(page.c.number), func.count(), *sums, *within)
        last, seen, count, milliseconds, *at_most = connection.execute(question).one()
        self._after = self._after if last is None else int(last)
        self._count += int(count)
        self._milliseconds += int(milliseconds or 0)
        self._add(at_most)
        return int(seen) < step

    def _add(self, at_most: Sequence[int]) -> None:
        pairs = zip(self._at_most, at_most, strict=True)
        self._at_most = [before + int(more) for before, more in pairs]

    def delays(self) -> Delays:
        """What has been counted so far."""
        return Delays(tuple(self._at_most), self._count, self._milliseconds / 1_000)


def open_cases(connection: Connection) -> OpenCases:
    """Open cases by section and state; every section that has a name is there, if with 0.

    A series that ended with a section's last open case would leave a graph at its last value.
    """
    known = {
        int(row.id): row.name
        for row in connection.execute(select(names.c.id, names.c.name).where(_IS_SECTION))
    }
    counts: dict[tuple[str, str], int] = {
        (name, state): 0 for name in ("", *known.values()) for state in UNCLOSED
    }
    oldest: dict[str, datetime] = {}
    for row in connection.execute(_OPEN):
        name = "" if row.section_id is None else known.get(row.section_id, str(row.section_id))
        # Two sections can have one name for a while: their cases count together.
        counts[name, row.state] = counts.get((name, row.state), 0) + row.number_of
        oldest[name] = min(oldest.get(name, row.opened), row.opened)
    return OpenCases(counts, oldest)


_IS_SECTION = names.c.what == "section"
_OPEN = (
    select(
        facts.c.section_id,
        facts.c.state,
        func.count().label("number_of"),
        func.min(facts.c.created_at).label("opened"),
    )
    .where(facts.c.state.in_(UNCLOSED))
    .group_by(facts.c.section_id, facts.c.state)
)

OBSERVER = Observer(metrics.CASES)


def observe(connection: Connection) -> None:
    """Show to Prometheus how the facts stand; once in two seconds or slower."""
    OBSERVER.observe(connection)
