"""How a database's tables look to the code that works with them, and what a change takes away.

It sees tables, columns, defaults, keys and constraints as the database itself tells them. What
triggers refuse, and what becomes of the data, it does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Inspector

TEXT = "TEXT"


@dataclass(frozen=True)
class ColumnLook:
    """A column; `filled` says that a row which does not name it gets a value all the same."""

    type: str
    nullable: bool
    filled: bool


@dataclass(frozen=True)
class TableLook:
    """A table; rules are what a row is refused for, each as a sentence without the table."""

    columns: Mapping[str, ColumnLook]
    key: tuple[str, ...]
    rules: frozenset[str]
    points_to: frozenset[str]


Schema = dict[str, TableLook]


def schema_of(inspector: Inspector) -> Schema:
    """Every table there is."""
    return {name: _table(inspector, name) for name in inspector.get_table_names()}


def taken_away(before: Schema, after: Schema) -> list[str]:
    """What code that was written for `before` misses in `after`, or has to give; in sentences."""
    found = [f"table {name} is gone" for name in before if name not in after]
    for name in before.keys() & after.keys():
        found += [f"{name}: {one}" for one in _of_table(before[name], after[name])]
    for name, table in after.items():
        old = before[name].points_to if name in before else frozenset()
        for other in (table.points_to - old) & before.keys():
            found.append(f"{name}: its foreign key holds the rows of {other}")
    return sorted(found)


def _table(inspector: Inspector, name: str) -> TableLook:
    columns = {one["name"]: _column(one) for one in inspector.get_columns(name)}
    unique = [_unique(one) for one in inspector.get_unique_constraints(name)]
    unique += [_unique(one) for one in inspector.get_indexes(name) if one["unique"]]
    checks = [f"check {one['sqltext']}" for one in inspector.get_check_constraints(name)]
    foreign = inspector.get_foreign_keys(name)
    points = [f"{one['constrained_columns']} refer to {one['referred_table']}" for one in foreign]
    return TableLook(
        columns=columns,
        key=tuple(inspector.get_pk_constraint(name)["constrained_columns"]),
        rules=frozenset([*unique, *checks, *points]),
        points_to=frozenset(one["referred_table"] for one in foreign),
    )


def _column(told: Mapping[str, Any]) -> ColumnLook:
    filled = told.get("default") is not None or "identity" in told or "computed" in told
    return ColumnLook(str(told["type"]), told["nullable"], filled)


def _unique(told: Mapping[str, Any]) -> str:
    columns = told.get("expressions") or told["column_names"]
    options = told.get("dialect_options", {})
    where = options.get("sqlite_where", options.get("postgresql_where"))
    only = "" if where is None else f" where {where}"
    return f"unique {', '.join(columns)}{only}"


def _of_table(before: TableLook, after: TableLook) -> Iterator[str]:
    for name, column in before.columns.items():
        if name not in after.columns:
            yield f"column {name} is gone"
        else:
            yield from _of_column(name, column, after.columns[name])
    for name, column in after.columns.items():
        if name not in before.columns and not column.nullable and not column.filled:
            yield f"column {name} is new and has to be given"
    if before.key != after.key:
        yield f"its primary key is {after.key}, and was {before.key}"
    for rule in before.rules - after.rules:
        yield f"what held for it is gone: {rule}"
    for rule in after.rules - before.rules:
        yield f"this holds for it now: {rule}"


def _of_column(name: str, before: ColumnLook, after: ColumnLook) -> Iterator[str]:
    if not _holds(after.type, before.type):
        yield f"column {name} is {after.type}, and was {before.type}"
    if before.nullable and not after.nullable:
        yield f"column {name} may not be empty any more"
    if before.filled and not after.filled and not after.nullable:
        yield f"column {name} has no default any more"


def _holds(type_now: str, type_before: str) -> bool:
    """Whether it takes all that it took: the same type, or one of longer texts."""
    if type_now == type_before:
        return True
    now, before = (re.fullmatch(r"VARCHAR\((\d+)\)", one) for one in (type_now, type_before))
    return before is not None and (
        type_now == TEXT or (now is not None and _is_longer(now, before))
    )


def _is_longer(now: re.Match[str], before: re.Match[str]) -> bool:
    return int(now[1]) >= int(before[1])
