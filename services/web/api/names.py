"""Categories of cases and partners, and kinds of case."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import Kind, SaveKind, SaveNode, TreeNode
from services.contracts.errors import NotFound
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.directory import (
    Category,
    CategoryChange,
    CategoryList,
    GivenKind,
    KindList,
)
from services.web.wiring import wired

blueprint = APIBlueprint("api_names", __name__, url_prefix="/api/v1", tag="Categories and kinds")


@blueprint.get("/categories")
@blueprint.input(Paged, location="query")
@blueprint.output(CategoryList)
def list_categories(query_data: Paged) -> CategoryList:
    """List the categories of cases."""
    return _nodes(wired().directory.categories(), query_data)


@blueprint.get("/categories/<int:id>")
@blueprint.output(TreeNode)
def get_category(id: int) -> TreeNode:
    """Get a category of cases."""
    return _found(wired().directory.categories(), id)


@blueprint.post("/categories")
@blueprint.input(Category)
@blueprint.output(TreeNode, status_code=201)
def create_category(json_data: Category) -> Created[TreeNode]:
    """Add a category of cases."""
    made = wired().directory.save_category(_node(json_data))
    return created(made, f"categories/{made.id}")


@blueprint.put("/categories/<int:id>")
@blueprint.input(CategoryChange)
@blueprint.output(TreeNode)
def change_category(id: int, json_data: CategoryChange) -> TreeNode:
    """Rename a category of cases, move it in the tree, or retire it."""
    return wired().directory.save_category(_node(json_data, id))


@blueprint.get("/partner-categories")
@blueprint.input(Paged, location="query")
@blueprint.output(CategoryList)
def list_partner_categories(query_data: Paged) -> CategoryList:
    """List the categories of partners."""
    return _nodes(wired().directory.partner_categories(), query_data)


@blueprint.get("/partner-categories/<int:id>")
@blueprint.output(TreeNode)
def get_partner_category(id: int) -> TreeNode:
    """Get a category of partners."""
    return _found(wired().directory.partner_categories(), id)


@blueprint.post("/partner-categories")
@blueprint.input(Category)
@blueprint.output(TreeNode, status_code=201)
def create_partner_category(json_data: Category) -> Created[TreeNode]:
    """Add a category of partners."""
    made = wired().directory.save_partner_category(_node(json_data))
    return created(made, f"partner-categories/{made.id}")


@blueprint.put("/partner-categories/<int:id>")
@blueprint.input(CategoryChange)
@blueprint.output(TreeNode)
def change_partner_category(id: int, json_data: CategoryChange) -> TreeNode:
    """Rename a category of partners, move it in the tree, or retire it."""
    return wired().directory.save_partner_category(_node(json_data, id))


@blueprint.get("/kinds")
@blueprint.input(Paged, location="query")
@blueprint.output(KindList)
def list_kinds(query_data: Paged) -> KindList:
    """List the kinds of case."""
    page = page_of(wired().directory.kinds(), query_data, lambda kind: (kind.code,))
    return KindList(items=page.items, next=page.next)


@blueprint.get("/kinds/<code>")
@blueprint.output(Kind)
def get_kind(code: str) -> Kind:
    """Get a kind of case with its custom fields."""
    found = next((kind for kind in wired().directory.kinds() if kind.code == code), None)
    if found is None:
        raise NotFound("kind", code)
    return found


@blueprint.post("/kinds")
@blueprint.input(GivenKind)
@blueprint.output(Kind, status_code=201)
def save_kind(json_data: GivenKind) -> Created[Kind]:
    """Add a kind of case, or change the one of this code."""
    given = json_data.model_dump(exclude_unset=True)
    made = wired().directory.save_kind(SaveKind.model_validate({**command_origin(), **given}))
    return created(made, f"kinds/{made.code}")


def _found(nodes: list[TreeNode], id: int) -> TreeNode:
    found = next((node for node in nodes if node.id == id), None)
    if found is None:
        raise NotFound("category", id)
    return found


def _nodes(found: list[TreeNode], asked: Paged) -> CategoryList:
    page = page_of(found, asked, lambda node: (node.path, node.id))
    return CategoryList(items=page.items, next=page.next)


def _node(given: Category, id: int | None = None) -> SaveNode:
    known = {} if id is None else {"id": id}
    fields = given.model_dump(exclude_unset=True)
    return SaveNode.model_validate({**command_origin(), **known, **fields})
