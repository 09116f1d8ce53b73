"""Migration with Alembic, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from support.postgresql import PostgresqlServer

from services.runtime.database import Database, open_database
from services.runtime.identity import new_id
from services.runtime.migration import migrate, migrate_database
from services.runtime.settings import Settings


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names(schema=database.schema))


def test_an_empty_database_gets_the_tables_of_the_service(database: Database) -> None:
    migrate_database(database, "cases")
    assert {"outbox", "inbox", "cases", "alembic_version"} <= tables(database)


def test_a_second_migration_changes_nothing_and_keeps_the_data(database: Database) -> None:
    migrate_database(database, "cases")
    question = text("SELECT id, login FROM users ORDER BY id")
    with database.write() as connection:
        connection.execute(text("UPDATE users SET login = 'kept' WHERE id = 1"))
        before = connection.execute(question).all()
    migrate_database(database, "cases")
    with database.read() as connection:
        assert connection.execute(question).all() == before
    assert (1, "kept") in [tuple(row) for row in before]


def test_on_sqlite_each_service_has_a_file_of_its_own_in_wal_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path / "new" / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings = Settings.load()
    migrate(settings, "cases")
    assert (tmp_path / "new" / "home" / "cases.sqlite3").exists()
    database = open_database(settings, "cases")
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()


def test_on_postgresql_each_service_has_a_schema_of_its_own(
    postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One database for all, its address in the usual spelling; a fresh one, to be thrown away."""
    name = f"all_{new_id().replace('-', '')}"
    plain = postgresql.url.replace("postgresql+psycopg://", "postgresql://")
    server = Database(postgresql.url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    monkeypatch.setenv("DATABASE_URL", plain.rsplit("/", 1)[0] + f"/{name}")
    settings = Settings.load()
    migrate(settings, "cases")
    database = open_database(settings, "cases")
    assert database.schema == "cases"
    assert "outbox" in tables(database)
    assert inspect(database.engine).get_table_names(schema="public") == []
    database.close()
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.close()
