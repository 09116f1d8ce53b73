"""All SQL that writes rules, firings and the directory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from services.contracts.envelope import Link
from services.contracts.rules import Rule
from services.rules.tables import directory, firings, rules, rules_revision
from services.runtime.upsert import upsert

NOT_IN_BODY = {"id", "version", "name"}


@dataclass(frozen=True)
class Entry:
    """What is known of something in the directory; a category goes by its path."""

    kind: str
    id: int
    version: int
    name: str
    active: bool


@dataclass(frozen=True)
class FiringRow:
    """A firing as it is kept."""

    id: str
    rule_id: int
    case_number: int
    episode: str
    outcome: Literal["fired", "stopped", "skipped"]
    at: datetime
    why: tuple[str, ...] = ()
    rule_name: str = ""
    cause: tuple[Link, ...] = ()


def hold_revision(connection: Connection) -> int:
    """The revision of the rules, which stays until the commit where the database can hold it."""
    question = select(rules_revision.c.number).with_for_update(read=True)
    return int(connection.scalar(question) or 0)


def move_revision(connection: Connection) -> None:
    """Begin a change of the rules: wait for what is in hand, and have them read again."""
    connection.execute(update(rules_revision).values(number=rules_revision.c.number + 1))


def add_rule(connection: Connection, rule: Rule) -> Rule:
    """Insert a rule and answer it with its id."""
    result = connection.execute(
        insert(rules).values(version=1, name=rule.name, body=_body(rule)).returning(rules.c.id)
    )
    return rule.model_copy(update={"id": int(result.scalar_one()), "version": 1})


def write_rule(connection: Connection, rule: Rule) -> Rule:
    """Write a rule with a version one higher, and answer it."""
    return write_rules(connection, [rule])[0]


def write_rules(connection: Connection, changed: Sequence[Rule]) -> list[Rule]:
    """Write rules, each with a version one higher, and answer them."""
    saved = [rule.model_copy(update={"version": rule.version + 1}) for rule in changed]
    if saved:
        names = ("version", "name", "body")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(rules).where(rules.c.id == bindparam("of_rule")).values(**values)
        connection.execute(statement, [_new_values(rule) for rule in saved])
    return saved


def remove_rule(connection: Connection, id: int) -> None:
    """Delete a rule; what it did stays known."""
    connection.execute(delete(rules).where(rules.c.id == id))


def record_firings(connection: Connection, rows: Sequence[FiringRow]) -> set[str]:
    """Insert firings; the ids of those that are the first of their rule, case and episode."""
    if not rows:
        return set()
    statement = (
        upsert(connection, firings)
        .on_conflict_do_nothing(index_elements=["rule_id", "case_number", "episode"])
        .returning(firings.c.id)
    )
    return set(connection.scalars(statement, [_firing_row(row) for row in rows]))


def forget_skipped(connection: Connection, rule_id: int) -> None:
    """Let what was left alone as overdue fire after all."""
    t = firings
    connection.execute(delete(t).where(t.c.rule_id == rule_id, t.c.outcome == "skipped"))


def remember_entries(connection: Connection, entries: Iterable[Entry]) -> list[Entry]:
    """Write entries of the directory unless later ones are known.

    Answers those whose name or activity is not what was known of them.
    """
    latest = {(e.kind, e.id): e for e in sorted(entries, key=lambda e: e.version)}
    if not latest:
        return []
    known = _entries(connection, list(latest))
    newer = [e for key, e in sorted(latest.items()) if _is_newer(e, known.get(key))]
    if newer:
        statement = upsert(connection, directory)
        statement = statement.on_conflict_do_update(
            index_elements=["kind", "id"],
            set_={name: statement.excluded[name] for name in ("version", "name", "active")},
            where=directory.c.version <= statement.excluded.version,
        )
        connection.execute(statement, [vars(entry) for entry in newer])
    return [entry for entry in newer if _differs(entry, known.get((entry.kind, entry.id)))]


def inactive(connection: Connection, keys: Sequence[tuple[str, int]]) -> list[Entry]:
    """Of these entries those that are not active any more."""
    return [entry for entry in _entries(connection, keys).values() if not entry.active]


def _firing_row(row: FiringRow) -> dict[str, Any]:
    cause = [link.model_dump() for link in row.cause]
    return {
        **vars(row),
        "why": json.dumps(row.why, ensure_ascii=False),
        "cause": json.dumps(cause, ensure_ascii=False),
    }


def _body(rule: Rule) -> str:
    return rule.model_dump_json(exclude=NOT_IN_BODY)


def _new_values(rule: Rule) -> dict[str, Any]:
    new = {"new_version": rule.version, "new_name": rule.name, "new_body": _body(rule)}
    return {"of_rule": rule.id, **new}


def _entries(
    connection: Connection, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Entry]:
    t = directory
    columns = (t.c.kind, t.c.id, t.c.version, t.c.name, t.c.active)
    found: dict[tuple[str, int], Entry] = {}
    for kind in {kind for kind, _ in keys}:
        ids = [id for one, id in keys if one == kind]
        question = select(*columns).where(t.c.kind == kind, t.c.id.in_(ids))
        found |= {(row.kind, row.id): Entry(*row) for row in connection.execute(question)}
    return found


def _is_newer(entry: Entry, known: Entry | None) -> bool:
    return known is None or entry.version > known.version


def _differs(entry: Entry, known: Entry | None) -> bool:
    return known is None or (entry.name, entry.active) != (known.name, known.active)
