"""Categories of cases and partners, and kinds of case."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import Kind, SaveKind, SaveNode, TreeNode
from services.web.access.asking import command_origin
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
@blueprint.output(CategoryList)
def list_categories() -> CategoryList:
    """List the categories of cases."""
    return CategoryList(items=wired().directory.categories())


@blueprint.post("/categories")
@blueprint.input(Category)
@blueprint.output(TreeNode, status_code=201)
def create_category(json_data: Category) -> TreeNode:
    """Add a category of cases."""
    return wired().directory.save_category(_node(json_data))


@blueprint.put("/categories/<int:id>")
@blueprint.input(CategoryChange)
@blueprint.output(TreeNode)
def change_category(id: int, json_data: CategoryChange) -> TreeNode:
    """Rename a category of cases, move it in the tree, or retire it."""
    return wired().directory.save_category(_node(json_data, id))


@blueprint.get("/partner-categories")
@blueprint.output(CategoryList)
def list_partner_categories() -> CategoryList:
    """List the categories of partners."""
    return CategoryList(items=wired().directory.partner_categories())


@blueprint.post("/partner-categories")
@blueprint.input(Category)
@blueprint.output(TreeNode, status_code=201)
def create_partner_category(json_data: Category) -> TreeNode:
    """Add a category of partners."""
    return wired().directory.save_partner_category(_node(json_data))


@blueprint.put("/partner-categories/<int:id>")
@blueprint.input(CategoryChange)
@blueprint.output(TreeNode)
def change_partner_category(id: int, json_data: CategoryChange) -> TreeNode:
    """Rename a category of partners, move it in the tree, or retire it."""
    return wired().directory.save_partner_category(_node(json_data, id))


@blueprint.get("/kinds")
@blueprint.output(KindList)
def list_kinds() -> KindList:
    """List the kinds of case."""
    return KindList(items=wired().directory.kinds())


@blueprint.post("/kinds")
@blueprint.input(GivenKind)
@blueprint.output(Kind, status_code=201)
def save_kind(json_data: GivenKind) -> Kind:
    """Add a kind of case, or change the one of this code."""
    given = json_data.model_dump(exclude_unset=True)
    return wired().directory.save_kind(SaveKind.model_validate({**command_origin(), **given}))


def _node(given: Category, id: int | None = None) -> SaveNode:
    known = {} if id is None else {"id": id}
    fields = given.model_dump(exclude_unset=True)
    return SaveNode.model_validate({**command_origin(), **known, **fields})
