"""All SQL that reads rules and names."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, select

from services.contracts.rules import Rule
from services.rules.tables import directory, rules

LARGEST_ID = 2**31 - 1
NAMED_APART = ("section", "partner_category")  # a case carries the other names itself


def read_rule(row: RowMapping) -> Rule:
    """The rule of a row. Raises ValidationError when a newer release wrote what we cannot read."""
    kept = {"id": row["id"], "version": row["version"], "name": row["name"]}
    return Rule.model_validate({**json.loads(row["body"]), **kept})


def all_rules(connection: Connection) -> list[Rule]:
    """Every rule that this release can read, in the order of judging."""
    return sorted(read_rules(connection)[0], key=lambda rule: (rule.order, rule.id))


def read_rules(
    connection: Connection, ids: Sequence[int] | None = None
) -> tuple[list[Rule], dict[str, str]]:
    """These rules, or all; and by name those that cannot be read, with the reason."""
    found: list[Rule] = []
    unreadable: dict[str, str] = {}
    question = select(rules) if ids is None else select(rules).where(rules.c.id.in_(ids))
    for row in connection.execute(question).mappings():
        try:
            found.append(read_rule(row))
        except ValidationError as error:
            unreadable[row["name"]] = str(error)
    return found, unreadable


def rule_versions(connection: Connection) -> set[tuple[int, int]]:
    """The id and the version of every rule."""
    return {
        (id, version) for id, version in connection.execute(select(rules.c.id, rules.c.version))
    }


def find_rule(connection: Connection, id: int) -> Rule | None:
    """The rule with this id, or None."""
    if not 0 < id <= LARGEST_ID:
        return None
    row = connection.execute(select(rules).where(rules.c.id == id)).mappings().first()
    return read_rule(row) if row else None


def rule_called(connection: Connection, name: str) -> Rule | None:
    """The rule with this name, or None."""
    row = connection.execute(select(rules).where(rules.c.name == name)).mappings().first()
    return read_rule(row) if row else None


def names(connection: Connection) -> dict[tuple[str, int], str]:
    """The names that the sentences need and a case does not carry."""
    t = directory
    question = select(t.c.kind, t.c.id, t.c.name).where(t.c.kind.in_(NAMED_APART))
    return {(kind, id): name for kind, id, name in connection.execute(question)}
