"""Where the facts differ from those made anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, except_, select

from services.reporting import delays
from services.reporting.cubes import sums_from
from services.reporting.tables import CUBES, LIVE, REBUILT


@dataclass(frozen=True)
class Difference:
    """One field of one case: what stood there and what stands there now.

    `field` is "" when the whole case was missing (`before` None) or is told of by no event
    (`after` None).
    """

    number: int
    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.field:
            return f"[{self.number}] {self.field}: {self.before} → {self.after}"
        return f"[{self.number}] " + ("was missing" if self.before is None else "is in no event")


def differences(connection: Connection) -> list[Difference]:
    """Every difference between the live facts and the rebuilt ones, by case number."""
    old = _only_in(connection, LIVE.facts, REBUILT.facts)
    new = _only_in(connection, REBUILT.facts, LIVE.facts)
    found: list[Difference] = []
    for number in sorted({*old, *new}):
        before, after = old.get(number), new.get(number)
        if before is None or after is None:
            found.append(Difference(number, "", before, after))
        else:
            found += [
                Difference(number, field, before[field], after[field])
                for field in before
                if before[field] != after[field]
            ]
    return found


def wrong_sums(connection: Connection) -> int:
    """How many of the kept sums are not those of the live facts, or are missing."""
    wrong = 0
    for cube in CUBES:
        kept = select(*cube.table.c).where(cube.table.c.count != 0)
        right = sums_from(cube, LIVE.facts)
        keys: set[tuple[Any, ...]] = set()
        for one, other in ((kept, right), (right, kept)):
            keys |= {tuple(row[: len(cube.key)]) for row in connection.execute(except_(one, other))}
        wrong += len(keys)
    there, wanted = delays.kept(connection), delays.worked_out(connection, LIVE.facts)
    return wrong + sum(there.get(key) != wanted.get(key) for key in {*there, *wanted})


def _only_in(connection: Connection, table: Table, other: Table) -> dict[int, dict[str, Any]]:
    """The rows of one table that do not stand just so in the other, by number."""
    rows = connection.execute(except_(select(table), select(other))).mappings()
    return {row["number"]: dict(row) for row in rows}
