"""All SQL about how many closed cases took how long, kept for each month.

A row has a whole distribution (model/steps.py), so that a median among a million cases is read
from a few thousand rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Table, Text, cast, delete, func, select, tuple_, update

from services.reporting.asked import COLUMNS, Asked, Key
from services.reporting.cubes import Moved, key_column, key_of
from services.reporting.from_facts import delays_in
from services.reporting.model.steps import add_counts
from services.reporting.model.windows import Cover, cover, windows
from services.reporting.sums import without_zeros
from services.reporting.tables import DELAYS
from services.runtime.upsert import upsert

Steps = Counter[int]
RowKey = tuple[Any, ...]
AT_ONCE = 500  # keys in one question


def move(connection: Connection, moved: Iterable[Moved]) -> None:
    """Take the delay of each fact as it was out, and put it in as it is."""
    changes: dict[RowKey, Steps] = defaultdict(Counter)
    for before, after in moved:
        for fact, sign in ((before, -1), (after, 1)):
            if fact is not None and fact["delay_step"] is not None:
                changes[key_of(DELAYS, fact)][fact["delay_step"]] += sign
    keys = sorted(key for key, steps in changes.items() if any(steps.values()))
    if keys:
        _insert_missing(connection, keys)
        there = _locked(connection, keys)
        rows = [(key, _written(there[key], changes[key])) for key in keys]
        _overwrite(connection, rows)


def make_anew(connection: Connection, facts: Table) -> None:
    """Make all of them from these facts, which must not change until the commit."""
    connection.execute(delete(DELAYS.table))
    rows = [
        {**dict(zip(DELAYS.key, key, strict=True)), "counts": _written({}, steps)}
        for key, steps in worked_out(connection, facts).items()
    ]
    if rows:
        connection.execute(DELAYS.table.insert(), rows)


def worked_out(connection: Connection, facts: Table) -> dict[RowKey, Steps]:
    """What there has to be, by the key of its row."""
    columns = [key_column(facts, name) for name in DELAYS.key]
    step = facts.c.delay_step
    question = select(*columns, step, func.count()).where(step.is_not(None))
    found: dict[RowKey, Steps] = defaultdict(Counter)
    for row in connection.execute(question.group_by(*columns, step)):
        found[tuple(row[:-2])][row[-2]] = row[-1]
    return dict(found)


def kept(connection: Connection) -> dict[RowKey, Steps]:
    """What there is, by the key of its row."""
    rows = connection.execute(select(*(DELAYS.table.c[name] for name in (*DELAYS.key, "counts"))))
    return {tuple(row[:-1]): _read(row[-1]) for row in rows if row[-1]}


def count_delays(connection: Connection, asked: Asked) -> dict[Key, Steps]:
    """How many closed cases of each group have which step of the delay."""
    found: dict[Key, Steps] = defaultdict(Counter)
    if not asked.sums_can_tell(DELAYS.cuts):
        stretches = windows(asked.unit, *asked.span.of_facts(), asked.zone)
        _put(found, delays_in(connection, asked, stretches), 1)
        return found
    parts = cover(asked.unit, *asked.span.of_months(), asked.zone)
    for key, counts in _of_months(connection, asked, parts).items():
        found[key] = _read(counts)
    _put(found, delays_in(connection, asked, parts.put_in), 1)
    _put(found, delays_in(connection, asked, parts.taken_out), -1)
    return found


def _of_months(connection: Connection, asked: Asked, parts: Cover) -> dict[Key, dict[str, int]]:
    """The counts as they are written: a step becomes a number once for each group, not each row."""
    found: dict[Key, dict[str, int]] = {}
    if not parts.months:
        return found
    c = DELAYS.table.c
    keys = [c[COLUMNS[cut]] for cut in asked.cuts]
    question = (
        select(c.created_month, *keys, c.currency, cast(c.counts, Text))
        .where(c.created_month.between(min(parts.months), max(parts.months)))
        .where(*asked.wanted.conditions(dict(c.items())))
    )
    for month, *texts, currency, written in connection.execute(question):
        counts = from_json(written)  # many megabytes, and three times as quick as json.loads
        key = (parts.months[month], without_zeros(texts), currency)
        if key in found:
            add_counts(found[key], counts)
        else:
            found[key] = counts
    return found


def _put(found: dict[Key, Steps], counted: Iterator[tuple[Key, int, int]], sign: int) -> None:
    for key, step, count in counted:
        found[key][step] += sign * count


def _insert_missing(connection: Connection, keys: Sequence[RowKey]) -> None:
    statement = upsert(connection, DELAYS.table).on_conflict_do_nothing()
    rows = [{**dict(zip(DELAYS.key, key, strict=True)), "counts": {}} for key in keys]
    connection.execute(statement, rows)


def _locked(connection: Connection, keys: Sequence[RowKey]) -> dict[RowKey, Mapping[str, int]]:
    """The counts of these rows; in one order, so that two processes never wait crosswise."""
    c = DELAYS.table.c
    columns = [c[name] for name in DELAYS.key]
    found: dict[RowKey, Mapping[str, int]] = {}
    for first in range(0, len(keys), AT_ONCE):
        some = list(keys[first : first + AT_ONCE])
        question = select(*columns, c.counts).where(tuple_(*columns).in_(some))
        for row in connection.execute(question.order_by(*columns).with_for_update()):
            found[tuple(row[:-1])] = row[-1]
    return found


def _overwrite(connection: Connection, rows: Sequence[tuple[RowKey, Mapping[str, int]]]) -> None:
    c = DELAYS.table.c
    for key, counts in rows:
        is_it = [c[name] == value for name, value in zip(DELAYS.key, key, strict=True)]
        connection.execute(update(DELAYS.table).where(*is_it).values(counts=counts))


def _read(counts: Mapping[str, int]) -> Steps:
    return Counter({int(step): count for step, count in counts.items()})


def _written(there: Mapping[str, int], steps: Steps) -> dict[str, int]:
    """The counts with these added; no step that no case has."""
    together = {int(step): count for step, count in there.items()}
    for step, count in steps.items():
        together[step] = together.get(step, 0) + count
    return {str(step): count for step, count in sorted(together.items()) if count}
