"""A category changed: cases and partners that lie in it follow."""

from __future__ import annotations

from services.cases import directory, tables
from services.cases.actions.ledger import Origin
from services.cases.actions.refresh_cases import refresh_of_category, refresh_of_partner
from services.cases.model.tree import Nodes, Tree, with_ancestors, with_descendants
from services.contracts.directory import PartnerChanged, TreeNode
from services.contracts.envelope import Actor
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id


def follow_node(
    transaction: Transaction, tree: Tree, before: Nodes, changed: TreeNode, by: Actor
) -> None:
    """Tell the unclosed cases concerned; `before` is the tree before this node `changed`."""
    origin = Origin(reason=f"{by.name} changed the {tree.replace('_', ' ')} {changed.path}")
    if tree == "category":
        _rename_on_cases(transaction, before, changed, origin)
    elif before[changed.id].parent_id != changed.parent_id:
        _move_partners(transaction, before, changed, origin, by)


def _rename_on_cases(
    transaction: Transaction, before: Nodes, changed: TreeNode, origin: Origin
) -> None:
    nodes = directory.tree(transaction.connection, tables.categories)
    if before[changed.id].path == changed.path:
        return
    for id in _subtree(before, changed.id):
        refresh_of_category(transaction, nodes[id], origin)


def _move_partners(
    transaction: Transaction, before: Nodes, changed: TreeNode, origin: Origin, by: Actor
) -> None:
    """Partners lie in other categories than before. Their version stays: nobody changed them."""
    subtree = _subtree(before, changed.id)
    for partner in directory.partners_in(transaction.connection, subtree):
        if partner.category_path_ids != with_ancestors(before, partner.category_ids):
            refresh_of_partner(transaction, partner, origin)
            event = PartnerChanged(id=new_id(), occurred_at=now(), actor=by, data=partner)
            transaction.publish(event)


def _subtree(nodes: Nodes, id: int) -> tuple[int, ...]:
    """The category and all below it, which stay below it wherever it moves."""
    return with_descendants({node.id: node.parent_id for node in nodes.values()}, id)
