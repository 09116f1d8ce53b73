"""Saved filters on SQLite and on PostgreSQL, in the table that the migration makes."""

from __future__ import annotations

import pytest

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest, NotFound
from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.web.saved_filters import (
    add_filter,
    change_filter,
    delete_filter,
    filters_of,
    raise_filter,
)

TOM = User(id=3, login="tom", name="Tom")
ANNA = User(id=2, login="anna", name="Anna", role="manager")


def test_filters_are_kept_ordered_shared_and_deleted(database: Database) -> None:
    migrate_database(database, "web")
    with database.write() as connection:
        one = add_filter(connection, TOM, "One", "tag=b&state=open&cursor=x", False)
        two = add_filter(connection, TOM, "Two", "late=on", False)
        add_filter(connection, ANNA, "Hers", "q=x", False)
        raise_filter(connection, TOM, two.id)
    assert one.question == "state=open&tag=b"
    with pytest.raises(InvalidRequest), database.write() as connection:
        add_filter(connection, TOM, "One", "q=y", False)
    with pytest.raises(NotFound), database.write() as connection:
        change_filter(connection, ANNA, one.id, name="Annas now")
    with database.write() as connection:
        change_filter(connection, ANNA, 3, shared=True)
        delete_filter(connection, TOM, one.id)
    with database.read() as connection:
        seen = [(found.name, found.mine) for found in filters_of(connection, TOM)]
    assert seen == [("Hers", False), ("Two", True)]
