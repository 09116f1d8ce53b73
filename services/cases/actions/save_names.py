"""Categories and kinds are data: an operator adds one without code (K5, K6)."""

from __future__ import annotations

from sqlalchemy import Table, insert, update

from services.cases import directory, tables
from services.contracts.directory import Kind, SaveKind, SaveNode, TreeNode
from services.contracts.errors import InvalidRequest, NotFound
from services.messaging.transaction import Transaction


def save_node(transaction: Transaction, table: Table, command: SaveNode) -> TreeNode:
    """The category, with its path. Raises NotFound, and InvalidRequest for a wrong place."""
    connection = transaction.connection
    nodes = directory.tree(connection, table)
    if command.id is not None and command.id not in nodes:
        raise NotFound("category", command.id)
    if command.parent_id is not None and command.parent_id not in nodes:
        raise InvalidRequest("parent_id", f"there is no category {command.parent_id}")
    above = directory.with_ancestors(nodes, (command.parent_id,)) if command.parent_id else ()
    if command.id is not None and command.id in above:
        raise InvalidRequest("parent_id", "a category cannot lie below itself")
    for node in nodes.values():
        twin = (node.name, node.parent_id) == (command.name, command.parent_id)
        if twin and node.id != command.id:
            raise InvalidRequest("name", f"there is a category {node.path!r} already")
    directory.forget(connection)
    values = {"name": command.name, "parent_id": command.parent_id}
    if command.id is not None:
        connection.execute(update(table).where(table.c.id == command.id).values(**values))
        return directory.tree(connection, table)[command.id]
    result = connection.execute(insert(table).values(**values))
    assert result.inserted_primary_key is not None
    return directory.tree(connection, table)[result.inserted_primary_key[0]]


def save_kind(transaction: Transaction, command: SaveKind) -> Kind:
    """The kind of case, added or changed."""
    connection, t = transaction.connection, tables.kinds
    kind = Kind(code=command.code, name=command.name, dated=command.dated)
    known = kind.code in {one.code for one in directory.kinds(connection)}
    if known:
        connection.execute(update(t).where(t.c.code == kind.code).values(**kind.model_dump()))
    else:
        connection.execute(insert(t).values(**kind.model_dump()))
    return kind
