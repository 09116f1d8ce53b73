"""What the migrations make is what the tables in the code say, on both databases.

But for the documents of the search, which each database keeps in a way of its own, and for what
releases tell each other of the schema.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.runtime.database import Database
from services.runtime.migration import migrate_database
from services.runtime.revisions import WORKS_FROM

NO_TABLES_OF_THE_CODE = ("case_search", "mail_search", WORKS_FROM.name)


def _is_compared(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
    return not any((one or "").startswith(NO_TABLES_OF_THE_CODE) for one in (table, name))


@pytest.mark.parametrize("service", ["cases", "rules", "mailgw", "reporting", "web"])
def test_a_migrated_database_has_the_tables_of_the_code(database: Database, service: str) -> None:
    migrate_database(database, service)
    metadata = import_module(f"services.{service}.tables").metadata
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _is_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
