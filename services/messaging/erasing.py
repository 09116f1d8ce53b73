"""Finding a person in the tables of a service, and rewriting their rows without him."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    String,
    Table,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    tuple_,
    update,
)

from services.contracts.erasure import ERASED, Erasure, erased, is_his
from services.runtime.database import Database, Json

BATCH = 200
MOST_AT_ONCE = 100  # numbers in one question


@dataclass(frozen=True)
class Kept:
    """Where a table may hold a person.

    `columns` are rewritten without him, texts of JSON as JSON. Of rows that are his, those of his
    cases by the column `case`, or with his address in the column `by`, `written` is blanked. An
    outbox has its cases inside its messages (`in_body`).
    """

    table: Table
    columns: tuple[str, ...]
    written: tuple[str, ...] = ()
    case: str = ""
    by: str = ""
    in_body: bool = False


def outbox_of(table: Table) -> Kept:
    """An outbox: its messages name their case themselves."""
    return Kept(table, ("body",), in_body=True)


def rows_about(connection: Connection, kept: Kept, erasure: Erasure) -> Iterator[RowMapping]:
    """The rows of his cases, and those that hold his address."""
    seen: set[tuple[Any, ...]] = set()
    for condition in _conditions(kept, erasure):
        for row in connection.execute(select(kept.table).where(condition)).mappings():
            key = _key(kept, row)
            if key not in seen and _is_about(row, kept, erasure):
                seen.add(key)
                yield row


def rewrite(database: Database, kept: Kept, erasure: Erasure) -> int:
    """Rewrite those rows, some in each transaction; how many differed."""
    with database.read() as connection:
        keys = [_key(kept, row) for row in rows_about(connection, kept, erasure)]
    changed = 0
    for start in range(0, len(keys), BATCH):
        with database.write() as connection:
            changed += _rewrite(connection, kept, keys[start : start + BATCH], erasure)
    return changed


def _rewrite(
    connection: Connection, kept: Kept, keys: Sequence[tuple[Any, ...]], erasure: Erasure
) -> int:
    """Read once more, and held: somebody may have changed them meanwhile."""
    columns = list(kept.table.primary_key)
    which = tuple_(*columns).in_(keys) if len(columns) > 1 else columns[0].in_([k for (k,) in keys])
    rows = connection.execute(select(kept.table).where(which).with_for_update()).mappings().all()
    changes = []
    for row in rows:
        values = rewritten(kept, row, erasure)
        if any(row[name] != value for name, value in values.items()):
            key = {f"key_{c.name}": row[c.name] for c in columns}
            changes.append({**key, **{f"new_{name}": value for name, value in values.items()}})
    if changes:
        is_it = and_(*(column == bindparam(f"key_{column.name}") for column in columns))
        names = {*kept.columns, *kept.written}
        new = {name: bindparam(f"new_{name}", type_=kept.table.c[name].type) for name in names}
        connection.execute(update(kept.table).where(is_it).values(new), changes)
    return len(changes)


def is_written_by(kept: Kept, row: RowMapping, erasure: Erasure) -> bool:
    """Whether a row is his, and not one that only mentions him."""
    by_him = bool(kept.by) and erasure.is_in(str(row[kept.by] or ""))
    return by_him or _is_of_his_case(row, kept, erasure)


def rewritten(kept: Kept, row: RowMapping, erasure: Erasure) -> dict[str, Any]:
    """The columns of a row as they should be."""
    his = is_written_by(kept, row, erasure)
    values = {name: row[name] for name in kept.written}
    values |= {name: _without(row[name], erasure, his) for name in kept.columns}
    return values | {name: _blanked(row[name]) for name in kept.written if his}


def _without(value: Any, erasure: Erasure, his: bool) -> Any:
    if not isinstance(value, str):
        return erased(value, erasure, written=his or is_his(value, erasure))
    if value[:1] in ("{", "["):
        try:
            told = json.loads(value)
        except ValueError:
            return erasure.without(value)
        found = erased(told, erasure, written=his or is_his(told, erasure))
        return value if found == told else _compact(found)
    return erasure.without(value)


def _blanked(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return ERASED if isinstance(value, str) and value else value


def _conditions(kept: Kept, erasure: Erasure) -> Iterator[ColumnElement[bool]]:
    asked = {*kept.columns, *kept.written, *([kept.by] if kept.by else [])}
    columns = [kept.table.c[name] for name in sorted(asked)]
    address = erasure.address.lower()
    yield or_(*(func.lower(_as_text(c)).contains(address, autoescape=True) for c in columns))
    numbers = sorted(erasure.cases | erasure.took_part)
    for start in range(0, len(numbers), MOST_AT_ONCE):
        some = numbers[start : start + MOST_AT_ONCE]
        if kept.case:
            yield kept.table.c[kept.case].in_(some)
        elif kept.in_body:
            yield or_(*(kept.table.c.body.contains(f'"case_id":{number},') for number in some))


def _as_text(column: Any) -> Any:
    return cast(column, String) if isinstance(column.type, type(Json)) else column


def _is_about(row: RowMapping, kept: Kept, erasure: Erasure) -> bool:
    """Where he had a part his name is enough; elsewhere others may be called so."""
    if _is_of_his_case(row, kept, erasure):
        return True
    texts = [
        value if isinstance(value, str) else _compact(value)
        for value in row.values()
        if isinstance(value, str | dict | list)
    ]
    shared = bool(kept.case) and row[kept.case] in erasure.took_part
    named = erasure.is_named_in if shared or kept.in_body else erasure.is_in
    return any(named(text) for text in texts)


def _is_of_his_case(row: RowMapping, kept: Kept, erasure: Erasure) -> bool:
    return bool(kept.case) and row[kept.case] in erasure.cases


def _compact(value: Any) -> str:
    """As messages are written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _key(kept: Kept, row: RowMapping) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in kept.table.primary_key)
