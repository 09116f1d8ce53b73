"""What the migrations make is what the tables in the code say, on both databases."""

from __future__ import annotations

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.runtime.database import Database
from services.runtime.migration import migrate_database


@pytest.mark.parametrize("service", ["cases", "rules", "mailgw", "reporting", "web"])
def test_a_migrated_database_has_the_tables_of_the_code(database: Database, service: str) -> None:
    migrate_database(database, service)
    metadata = import_module(f"services.{service}.tables").metadata
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
