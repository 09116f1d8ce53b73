"""All SQL about kinds of case, which go by a code and not by a number."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from services.contracts.directory import Kind
from services.rules.tables import kinds
from services.runtime.upsert import upsert


def remember(connection: Connection, told: Iterable[Kind]) -> list[Kind]:
    """Write these kinds unless later versions are known; answers those that are retired by it."""
    latest = {kind.code: kind for kind in sorted(told, key=lambda kind: kind.version)}
    if not latest:
        return []
    question = select(kinds).where(kinds.c.code.in_(list(latest)))
    known = {row.code: row for row in connection.execute(question)}
    newer = [
        kind
        for code, kind in sorted(latest.items())
        if code not in known or kind.version > known[code].version
    ]
    if newer:
        statement = upsert(connection, kinds)
        statement = statement.on_conflict_do_update(
            index_elements=["code"],
            set_={name: statement.excluded[name] for name in ("version", "name", "active")},
            where=kinds.c.version <= statement.excluded.version,
        )
        names = {"code", "version", "name", "active"}
        connection.execute(statement, [kind.model_dump(include=names) for kind in newer])
    return [
        kind
        for kind in newer
        if not kind.active and (kind.code not in known or known[kind.code].active)
    ]


def is_retired(connection: Connection, code: str) -> bool:
    """Whether we heard that this kind is not in use any more."""
    active = connection.scalar(select(kinds.c.active).where(kinds.c.code == code))
    return active is False
