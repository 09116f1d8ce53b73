"""What the groups of a list are called, for those that are known by an id or a code."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from services.cases import directory, tables
from services.contracts.case_views import Cut
from services.contracts.directory import Section

AT_ONCE = 500


def names_of(connection: Connection, cut: Cut, keys: Iterable[str]) -> dict[str, str]:
    """The names by key; what calls itself by its code (a state, a month) has none."""
    if cut == "section":
        return {str(one.id): one.name for one in directory.every(connection, Section)}
    if cut == "category":
        nodes = directory.tree(connection, tables.categories).values()
        return {str(one.id): one.path for one in nodes}
    if cut == "kind":
        t = tables.kinds
        return {row.code: row.name for row in connection.execute(select(t.c.code, t.c.name))}
    if cut in ("responsible", "partner"):
        table = tables.users if cut == "responsible" else tables.partners
        ids = sorted(int(key) for key in keys if key)
        names: dict[str, str] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = table.c.id.in_(ids[start : start + AT_ONCE])
            rows = connection.execute(select(table.c.id, table.c.payload).where(some))
            names |= {str(row.id): row.payload["name"] for row in rows}
        return names
    return {}
