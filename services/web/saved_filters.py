"""Questions of the case list that people keep under a name, for themselves or for all."""

from __future__ import annotations

from urllib.parse import parse_qsl

from pydantic import Field
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.contracts.directory import User
from services.contracts.envelope import Part
from services.contracts.errors import InvalidRequest, NotFound
from services.web.access.roles import role_suffices
from services.web.kept_question import normal_question
from services.web.tables import saved_filters

LONGEST_NAME = 100
LONGEST_QUESTION = 4000
MOST_OF_ONE_USER = 100


class SavedFilter(Part):
    """One of them; `question` is the query string of its view, `mine` who looks is its owner."""

    id: int
    name: str
    question: str
    shared: bool = False
    mine: bool = Field(default=True, description="Whether it is yours")


def filters_of(connection: Connection, user: User) -> list[SavedFilter]:
    """Those that a user sees: his own and the shared ones, in their order."""
    rows = connection.execute(
        select(saved_filters)
        .where(or_(saved_filters.c.user_id == user.id, saved_filters.c.shared))
        .order_by(saved_filters.c.shared.desc(), saved_filters.c.position, saved_filters.c.id)
    )
    return [_read(row, user) for row in rows]


def may_change(user: User, one: SavedFilter) -> bool:
    """Its owner, and for a shared one every manager."""
    return one.mine or (one.shared and may_share(user))


def may_share(user: User) -> bool:
    """Whether a user may give a filter to all."""
    return role_suffices(user.role, "manager")


def add_filter(
    connection: Connection, user: User, name: str, question: str, shared: bool
) -> SavedFilter:
    """Keep a question. Raises InvalidRequest for a name taken, or too many."""
    _check(user, name, question, shared)
    mine = saved_filters.c.user_id == user.id
    if connection.scalar(select(func.count()).where(mine)) >= MOST_OF_ONE_USER:  # type: ignore[operator]
        raise InvalidRequest("name", f"you have {MOST_OF_ONE_USER} already; delete one first")
    last = connection.scalar(select(func.max(saved_filters.c.position))) or 0
    values = {"user_id": user.id, "name": name.strip(), "shared": shared, "position": last + 1}
    kept = normal_question(parse_qsl(question))
    try:
        made = connection.execute(insert(saved_filters).values(question=kept, **values))
    except IntegrityError as error:
        raise _taken(name) from error
    return find_filter(connection, user, made.inserted_primary_key[0])  # type: ignore[index]


def change_filter(
    connection: Connection, user: User, filter_id: int, **fields: str | bool
) -> SavedFilter:
    """Change `name`, `question` or `shared`. Raises NotFound for one that is not his to change."""
    before = _to_change(connection, user, filter_id)
    after = before.model_copy(update=fields)
    _check(user, after.name, after.question, after.shared and not before.shared)
    values = {
        "name": after.name.strip(),
        "question": normal_question(parse_qsl(after.question)),
        "shared": after.shared,
    }
    chosen = saved_filters.c.id == filter_id
    try:
        connection.execute(update(saved_filters).where(chosen).values(**values))
    except IntegrityError as error:
        raise _taken(after.name) from error
    return find_filter(connection, user, filter_id)


def raise_filter(connection: Connection, user: User, filter_id: int) -> None:
    """Put it one place higher among those that stand with it."""
    moved = _to_change(connection, user, filter_id)
    together = [one for one in filters_of(connection, user) if one.shared == moved.shared]
    order = [one.id for one in together]
    place = order.index(filter_id)
    if place == 0:
        return
    order[place - 1 : place + 1] = order[place], order[place - 1]
    for position, id in enumerate(order, 1):
        chosen = saved_filters.c.id == id
        connection.execute(update(saved_filters).where(chosen).values(position=position))


def delete_filter(connection: Connection, user: User, filter_id: int) -> None:
    """Forget it. Raises NotFound for one that is not his to change."""
    _to_change(connection, user, filter_id)
    connection.execute(delete(saved_filters).where(saved_filters.c.id == filter_id))


def find_filter(connection: Connection, user: User, filter_id: int) -> SavedFilter:
    """One that the user sees. Raises NotFound."""
    row = connection.execute(
        select(saved_filters).where(
            saved_filters.c.id == filter_id,
            or_(saved_filters.c.user_id == user.id, saved_filters.c.shared),
        )
    ).first()
    if row is None:
        raise NotFound("saved filter", filter_id)
    return _read(row, user)


def _to_change(connection: Connection, user: User, filter_id: int) -> SavedFilter:
    found = find_filter(connection, user, filter_id)
    if not may_change(user, found):
        raise NotFound("saved filter of yours", filter_id)
    return found


def _check(user: User, name: str, question: str, shared: bool) -> None:
    if not name.strip():
        raise InvalidRequest("name", "give it a name")
    if len(name.strip()) > LONGEST_NAME:
        raise InvalidRequest("name", f"at most {LONGEST_NAME} characters")
    if len(question) > LONGEST_QUESTION:
        raise InvalidRequest("question", f"at most {LONGEST_QUESTION} characters")
    if shared and not may_share(user):
        raise InvalidRequest("shared", "only a manager may save a filter for all")


def _taken(name: str) -> InvalidRequest:
    return InvalidRequest("name", f"there is a filter {name.strip()!r} already; take another name")


def _read(row: Row[tuple[object, ...]], user: User) -> SavedFilter:
    return SavedFilter(
        id=row.id,
        name=row.name,
        question=row.question,
        shared=row.shared,
        mine=row.user_id == user.id,
    )
