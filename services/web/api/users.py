"""Users."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.directory import User
from services.web.access.asking import asking_user, command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.directory import NewUser, UserChange, UserFields, UserList
from services.web.users import save_user
from services.web.wiring import wired

blueprint = APIBlueprint("api_users", __name__, url_prefix="/api/v1", tag="Users")


@blueprint.get("/me")
@blueprint.output(User)
def get_myself() -> User:
    """Get the user whose token this is."""
    return asking_user()


@blueprint.get("/users")
@blueprint.input(Paged, location="query")
@blueprint.output(UserList)
def list_users(query_data: Paged) -> UserList:
    """List all users."""
    page = page_of(wired().directory.users(), query_data, lambda user: (user.id,))
    return UserList(items=page.items, next=page.next)


@blueprint.get("/users/<int:id>")
@blueprint.output(User)
def get_user(id: int) -> User:
    """Get a user."""
    return wired().directory.user(id)


@blueprint.post("/users")
@blueprint.input(NewUser)
@blueprint.output(User, status_code=201)
def create_user(json_data: NewUser) -> Created[User]:
    """Add a user."""
    made = _save(json_data)
    return created(made, f"users/{made.id}")


@blueprint.patch("/users/<int:id>")
@blueprint.input(UserChange)
@blueprint.output(User)
def change_user(id: int, json_data: UserChange) -> User:
    """Change a user."""
    return _save(json_data, id=id, version=json_data.version)


def _save(given: UserFields, *, id: int | None = None, version: int | None = None) -> User:
    fields = given.model_dump(mode="json", exclude_unset=True, exclude={"password", "version"})
    return save_user(wired(), command_origin(), fields, given.password, id=id, version=version)
