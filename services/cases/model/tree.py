"""Categories as trees: paths, what lies above and what lies below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from services.contracts.directory import TreeNode

Tree = Literal["category", "partner_category"]
Nodes = Mapping[int, TreeNode]


def with_paths(nodes: Iterable[TreeNode]) -> dict[int, TreeNode]:
    """These nodes by id, each with its path from the root down: "Support Contract / Gold"."""
    by_id = {node.id: node for node in nodes}
    return {
        id: node.model_copy(update={"path": " / ".join(_names_down_to(by_id, node))})
        for id, node in by_id.items()
    }


def with_ancestors(nodes: Nodes, ids: Iterable[int]) -> tuple[int, ...]:
    """These ids and those of every node above them, each once."""
    found: set[int] = set()
    for id in ids:
        above: int | None = id
        while above is not None and above in nodes and above not in found:
            found.add(above)
            above = nodes[above].parent_id
    return tuple(sorted(found))


def with_descendants(parents: Mapping[int, int | None], id: int) -> tuple[int, ...]:
    """This id and those of all below it; `parents` says of each id what it lies below."""
    children: dict[int | None, list[int]] = {}
    for one, parent in parents.items():
        children.setdefault(parent, []).append(one)
    found = [id]
    for one in found:
        found += [child for child in children.get(one, ()) if child not in found]
    return tuple(found)


def _names_down_to(nodes: Nodes, node: TreeNode) -> list[str]:
    names = [node.name]
    while node.parent_id is not None and node.parent_id in nodes:
        node = nodes[node.parent_id]
        names.insert(0, node.name)
    return names
