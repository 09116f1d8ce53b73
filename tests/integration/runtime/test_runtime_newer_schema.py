"""A release works with a schema that a newer one has expanded, and refuses one it cannot use.

The newer release is planted: one revision more than those of the rules service.
"""

from __future__ import annotations

import sqlite3
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from support.planted_revisions import PlantedRevisions, contracts

from services.runtime import migration, revisions
from services.runtime.database import Database
from services.runtime.migration import SchemaIsTooNew, migrate_database
from services.runtime.revisions import revision_of, told_works_from

EXPANDS = 'op.add_column("kinds", sa.Column("more", sa.String(20)))'
CONTRACTS = 'op.drop_column("kinds", "name")'


class NewerRelease(PlantedRevisions):
    """A release with more revisions; it migrates as this one does."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self._monkeypatch = monkeypatch

    def migrate(self, database: Database) -> None:
        """Bring the database to the newest revision of this release."""
        config = self.config
        with self._monkeypatch.context() as patched:
            for module in (migration, revisions):
                patched.setattr(module, "configuration", lambda _: config)
            migrate_database(database, "rules")


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewerRelease:
    folder = tmp_path / "newer"
    folder.mkdir()
    return NewerRelease(folder, monkeypatch)


def columns(database: Database) -> set[str]:
    return {one["name"] for one in inspect(database.engine).get_columns("kinds")}


def test_an_expanded_schema_is_left_as_it_is(database: Database, newer: NewerRelease) -> None:
    newer.plant(EXPANDS)
    migrate_database(database, "rules")
    newer.migrate(database)
    migrate_database(database, "rules")
    assert revision_of(database) == "planted1"
    assert "more" in columns(database)


def test_a_contracted_schema_is_refused_by_who_uses_what_is_gone(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant(EXPANDS)
    newer.migrate(database)
    newer.plant(CONTRACTS, contracts("planted1"))
    newer.migrate(database)
    newer.plant('op.create_index("more", "kinds", ["more"])')
    newer.migrate(database)
    with pytest.raises(SchemaIsTooNew, match="does not know planted1; this one knows 0002"):
        migrate_database(database, "rules")
    assert revision_of(database) == "planted3"


def test_a_contracted_schema_is_taken_by_who_does_not_use_what_is_gone(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant(CONTRACTS, contracts("0002"))
    newer.migrate(database)
    assert told_works_from(database) == "0002"
    migrate_database(database, "rules")
    assert "name" not in columns(database)


def test_a_migration_that_breaks_off_has_already_told_who_is_refused(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant(EXPANDS)
    newer.migrate(database)
    newer.plant("1 / 0", contracts("planted1"))
    with pytest.raises(ZeroDivisionError):
        newer.migrate(database)
    assert (revision_of(database), told_works_from(database)) == ("planted1", "planted1")


def test_a_revision_that_nobody_told_of_is_refused(database: Database) -> None:
    migrate_database(database, "rules")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("DROP TABLE schema_works_from"))
    with pytest.raises(SchemaIsTooNew, match="does not know 9999"):
        migrate_database(database, "rules")


@pytest.mark.parametrize("service", ["cases", "rules", "mailgw", "reporting", "web"])
def test_the_command_says_so_in_a_sentence(
    service: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    main = import_module(f"services.{service}.__main__").main
    assert main(["migrate"]) == 0
    with sqlite3.connect(tmp_path / f"{service}.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE schema_works_from SET revision = '9999'")
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{service}: the database of {service} is at 9999")
    assert said.endswith("; take the newer release\n")
