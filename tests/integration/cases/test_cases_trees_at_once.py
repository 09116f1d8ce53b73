"""Two people move things in one tree at once: the second is told, and no ring comes of it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from services.cases.doors import DOORS
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.runtime.database import Database
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def saved(
    desk: Desk, door: str, name: str, parent: int | None = None, id: int | None = None
) -> Any:
    """The command that puts this section or category below that one."""
    given: dict[str, Any] = {"idempotency_key": new_id(), "actor_id": 1, "id": id}
    if door == "save_section":
        fields = {"name": name, "parent_id": parent}
        return {**given, "version": 1 if id else None, "fields": fields}
    return {**given, "name": name, "parent_id": parent}


@pytest.mark.parametrize("door", ["save_section", "save_category", "save_partner_category"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer
def test_K4_who_moves_at_once_cannot_make_a_ring(desk: Desk, door: str) -> None:
    one, other = (desk.command(door, **saved(desk, door, name))["id"] for name in ("One", "Other"))
    answers: list[object] = []

    def move_other_below_one() -> None:
        try:
            answers.append(desk.command(door, **saved(desk, door, "Other", one, other)))
        except InvalidRequest as error:
            answers.append(error.field)

    thread = Thread(target=move_other_below_one)
    model, act = DOORS[door]
    with desk.transactions.begin() as transaction:
        act(transaction, read(model, saved(desk, door, "One", other, one)))
        thread.start()
        while thread.is_alive() and not waits(desk.database):
            pass
    thread.join()
    assert answers == ["parent_id"]


def waits(database: Database) -> bool:
    with database.read() as connection:
        return bool(connection.scalar(text(WAITING)))
