"""Categories of cases and of partners are data: trees that people change (K6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from services.cases import directory, tables
from services.cases.actions.command_origin import command_origin
from services.cases.actions.follow_node import follow_node
from services.cases.actions.record_change import record_change
from services.cases.model.tree import Nodes, Tree, with_ancestors
from services.contracts.directory import Category, CategoryChanged, SaveNode, TreeNode
from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id

TABLES: dict[Tree, Table] = {
    "category": tables.categories,
    "partner_category": tables.partner_categories,
}


def save_node(transaction: Transaction, tree: Tree, command: SaveNode) -> TreeNode:
    """The category, with its path; all whose path changes with it are one version on, too.

    Raises NotFound, StaleVersion, and InvalidRequest for a wrong name or place.
    """
    connection, table = transaction.connection, TABLES[tree]
    by = command_origin(connection, command).actor
    nodes = _held(connection, table)
    before = _before(nodes, command)
    asked = _asked(nodes, command)
    if before is not None and _given(before) == asked:
        return before
    id = _write(connection, table, before, asked)
    moved = _move_on(connection, table, nodes, but=id)
    after = directory.tree(connection, table)
    for one in (id, *moved):
        _announce(transaction, tree, by, nodes.get(one), after[one])
    if before is not None:
        follow_node(transaction, tree, nodes, after[id], by)
    return after[id]


def _held(connection: Connection, table: Table) -> Nodes:
    """The tree, locked until the commit: two who move nodes could make a ring of them."""
    connection.execute(select(table.c.id).order_by(table.c.id).with_for_update())
    directory.forget(connection)
    return directory.tree(connection, table)


def _before(nodes: Nodes, command: SaveNode) -> TreeNode | None:
    if command.id is None:
        return None
    if command.id not in nodes:
        raise NotFound("category", command.id)
    before = nodes[command.id]
    if command.version is not None and command.version != before.version:
        raise StaleVersion("category", command.version, before.version)
    return before


def _asked(nodes: Nodes, command: SaveNode) -> dict[str, Any]:
    """What the category shall be. Raises InvalidRequest."""
    name, parent_id = command.name.strip(), command.parent_id
    if not name:
        raise InvalidRequest("name", "must not be empty")
    if parent_id is not None and parent_id not in nodes:
        raise InvalidRequest("parent_id", f"there is no category {parent_id}")
    if parent_id is not None and command.id in with_ancestors(nodes, (parent_id,)):
        raise InvalidRequest(
            "parent_id",
            f"{nodes[parent_id].path!r} lies below this category or is it; choose another place",
        )
    for node in nodes.values():
        if (node.name, node.parent_id) == (name, parent_id) and node.id != command.id:
            raise InvalidRequest("name", f"there is a category {node.path!r} already")
    return {"name": name, "parent_id": parent_id, "active": command.active}


def _given(node: TreeNode) -> dict[str, Any]:
    return {"name": node.name, "parent_id": node.parent_id, "active": node.active}


def _write(
    connection: Connection, table: Table, before: TreeNode | None, asked: dict[str, Any]
) -> int:
    directory.forget(connection)
    if before is None:
        result = connection.execute(insert(table).values(version=1, **asked))
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0])
    values = {"version": before.version + 1, **asked}
    connection.execute(update(table).where(table.c.id == before.id).values(**values))
    return before.id


def _move_on(connection: Connection, table: Table, before: Nodes, but: int) -> Sequence[int]:
    """Count the change of those whose path is another now, and answer their ids."""
    after = directory.tree(connection, table)
    moved = [id for id, node in before.items() if id != but and node.path != after[id].path]
    if moved:
        one_on = update(table).where(table.c.id.in_(moved)).values(version=table.c.version + 1)
        connection.execute(one_on)
        directory.forget(connection)
    return moved


def _announce(
    transaction: Transaction, tree: Tree, by: Actor, before: TreeNode | None, after: TreeNode
) -> None:
    """Into its history, and to whoever keeps a copy."""
    given = None if before is None else {**_given(before), "path": before.path}
    told = {**_given(after), "path": after.path}
    record_change(transaction, tree, after.id, after.version, by=by, before=given, after=told)
    event = CategoryChanged(
        id=new_id(),
        occurred_at=now(),
        actor=by,
        data=Category(**after.model_dump(), tree=tree),
    )
    transaction.publish(event)
