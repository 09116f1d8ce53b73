"""All SQL that writes facts and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from services.reporting import cubes, delays
from services.reporting.tables import LIVE, REBUILT, Projection, rebuild
from services.runtime.upsert import upsert

Row = dict[str, Any]


def facts_as_they_are(
    connection: Connection, target: Projection, numbers: Sequence[int]
) -> dict[int, Row]:
    """The facts of these cases, by number; their rows are locked where the database can.

    Ask in order of the numbers: two processes that lock rows in different orders would wait
    for each other.
    """
    t = target.facts
    question = select(t).where(t.c.number.in_(numbers)).order_by(t.c.number).with_for_update()
    return {row["number"]: dict(row) for row in connection.execute(question).mappings()}


def claim(connection: Connection, target: Projection, rows: Sequence[Row]) -> set[int]:
    """Insert the facts of cases that are new; the numbers of those another process had first."""
    if not rows:
        return set()
    statement = upsert(connection, target.facts).on_conflict_do_nothing(index_elements=["number"])
    statement = statement.returning(target.facts.c.number)
    mine = set(connection.scalars(statement, list(rows)))
    return {row["number"] for row in rows} - mine


def overwrite(connection: Connection, target: Projection, rows: Sequence[Row]) -> None:
    """Write facts that are there, and locked, anew."""
    if rows:
        t = target.facts
        values: dict[str, Any] = {column.name: bindparam(f"new_{column.name}") for column in t.c}
        statement = update(t).where(t.c.number == bindparam("of_case")).values(values)
        given = [
            {"of_case": row["number"], **{f"new_{name}": value for name, value in row.items()}}
            for row in rows
        ]
        connection.execute(statement, given)


def write_names(connection: Connection, target: Projection, rows: Sequence[Row]) -> None:
    """Write names where they are newer than what stands there. Give them in order of the key."""
    if not rows:
        return
    t = target.names
    statement = upsert(connection, t)
    new = statement.excluded
    newer = new.version > t.c.version
    same = and_(new.version == t.c.version, new.event_id > t.c.event_id)
    statement = statement.on_conflict_do_update(
        index_elements=["what", "id"],
        set_={name: new[name] for name in ("name", "parent_id", "version", "event_id")},
        where=or_(newer, same),
    )
    connection.execute(statement, list(rows))


def rebuild_is_under_way(connection: Connection) -> bool:
    """Whether a rebuild collects what comes in; until the commit it cannot begin or end."""
    question = select(rebuild.c.under_way).with_for_update(read=True)
    return bool(connection.scalar(question))


def begin_rebuild(connection: Connection) -> None:
    """Empty the rebuilt projection; from the commit on all that comes in is written there too."""
    connection.execute(update(rebuild).values(under_way=True))  # first: it waits for writers
    _empty_rebuilt(connection)


def end_rebuild(connection: Connection) -> None:
    """Nothing comes into the rebuilt projection any more, nor, until the commit, into the live."""
    connection.execute(update(rebuild).values(under_way=False))


def rebuild_is_wanted(connection: Connection) -> bool:
    """Whether the facts were made by an older release."""
    return bool(connection.scalar(select(rebuild.c.wanted)))


def rebuild_is_done(connection: Connection) -> None:
    """The facts are those of this release."""
    connection.execute(update(rebuild).values(wanted=False))


def switch_to_rebuilt(connection: Connection) -> None:
    """Put the rebuilt projection, behind `end_rebuild`, into the place of the live one."""
    cubes.make_anew(connection, REBUILT.facts)
    delays.make_anew(connection, REBUILT.facts)
    for live, rebuilt in ((LIVE.facts, REBUILT.facts), (LIVE.names, REBUILT.names)):
        connection.execute(delete(live))
        connection.execute(live.insert().from_select(list(rebuilt.c.keys()), select(rebuilt)))
    _empty_rebuilt(connection)


def _empty_rebuilt(connection: Connection) -> None:
    for table in (REBUILT.facts, REBUILT.names):
        connection.execute(delete(table))
