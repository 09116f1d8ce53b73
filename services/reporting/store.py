"""All SQL that writes facts and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.reporting.tables import LIVE, REBUILT, Projection, rebuild

Row = dict[str, Any]


def write(
    connection: Connection, target: Projection, facts: Sequence[Row], names: Sequence[Row]
) -> None:
    """Write these rows where they are newer than what stands there.

    Give them in order of their keys: two processes that lock rows in different orders
    would wait for each other.
    """
    if facts:
        _upsert(connection, target.facts, facts)
    if names:
        _upsert(connection, target.names, names)


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


def switch_to_rebuilt(connection: Connection) -> None:
    """Put the rebuilt projection, behind `end_rebuild`, into the place of the live one."""
    for live, rebuilt in ((LIVE.facts, REBUILT.facts), (LIVE.names, REBUILT.names)):
        connection.execute(delete(live))
        connection.execute(live.insert().from_select(list(rebuilt.c.keys()), select(rebuilt)))
    _empty_rebuilt(connection)


def _empty_rebuilt(connection: Connection) -> None:
    for table in (REBUILT.facts, REBUILT.names):
        connection.execute(delete(table))


def _upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    keys = {column.name for column in table.primary_key}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=sorted(keys),
            set_={column.name: new[column.name] for column in table.c if column.name not in keys},
            where=_is_newer(table, new),
        ),
        list(rows),
    )


def _is_newer(table: Table, new: Any) -> ColumnElement[bool]:
    newer: ColumnElement[bool] = new.version > table.c.version
    if "event_id" not in table.c:
        return newer
    same = and_(new.version == table.c.version, new.event_id > table.c.event_id)
    return or_(newer, same)
