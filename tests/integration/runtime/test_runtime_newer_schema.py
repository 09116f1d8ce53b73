"""A release works with a schema that a newer one has expanded, and refuses one it cannot use.

The newer release is planted: one revision more than those of the rules service.
"""

from __future__ import annotations

import sqlite3
from importlib import import_module
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import inspect, text

from services.runtime import migration, revisions
from services.runtime.database import Database
from services.runtime.migration import SchemaIsTooNew, migrate_database
from services.runtime.revisions import configuration, known_revisions, revision_of, told_works_from

NEWER = '''"""Planted.{says}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    {body}
'''
EXPANDS = 'op.add_column("kinds", sa.Column("more", sa.String(20)))'
CONTRACTS = 'op.drop_column("kinds", "name")'


class NewerRelease:
    """A release with more revisions; it migrates as this one does."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._head = known_revisions("rules")[0]

    def plant(self, revision: str, body: str, says: str = "") -> None:
        """One more revision after all others."""
        source = NEWER.format(says=says, revision=revision, down=self._head, body=body)
        (self._folder / f"{revision}.py").write_text(source)
        self._head = revision

    def migrate(self, database: Database) -> None:
        """Bring the database to the newest revision of this release."""
        with self._monkeypatch.context() as patched:
            for module in (migration, revisions):
                patched.setattr(module, "configuration", self._configuration)
            migrate_database(database, "rules")

    def _configuration(self, service: str) -> Config:
        config = configuration(service)
        real = Path(config.get_main_option("script_location") or "") / "versions"
        config.set_main_option("version_locations", f"{real}:{self._folder}")
        return config


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewerRelease:
    folder = tmp_path / "newer"
    folder.mkdir()
    return NewerRelease(folder, monkeypatch)


def columns(database: Database) -> set[str]:
    return {one["name"] for one in inspect(database.engine).get_columns("kinds")}


def test_an_expanded_schema_is_left_as_it_is(database: Database, newer: NewerRelease) -> None:
    newer.plant("newer1", EXPANDS)
    migrate_database(database, "rules")
    newer.migrate(database)
    migrate_database(database, "rules")
    assert revision_of(database) == "newer1"
    assert "more" in columns(database)


def test_a_contracted_schema_is_refused_by_who_uses_what_is_gone(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant("newer1", EXPANDS)
    newer.migrate(database)
    newer.plant("newer2", CONTRACTS, "\n\nContracts what is unused since newer1.\n")
    newer.migrate(database)
    newer.plant("newer3", 'op.create_index("more", "kinds", ["more"])')
    newer.migrate(database)
    with pytest.raises(SchemaIsTooNew, match="does not know newer1; this one knows 0002"):
        migrate_database(database, "rules")
    assert revision_of(database) == "newer3"


def test_a_contracted_schema_is_taken_by_who_does_not_use_what_is_gone(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant("newer1", CONTRACTS, "\n\nContracts what is unused since 0002.\n")
    newer.migrate(database)
    assert told_works_from(database) == "0002"
    migrate_database(database, "rules")
    assert "name" not in columns(database)


def test_a_migration_that_breaks_off_has_already_told_who_is_refused(
    database: Database, newer: NewerRelease
) -> None:
    newer.plant("newer1", EXPANDS)
    newer.migrate(database)
    newer.plant("newer2", "1 / 0", "\n\nContracts what is unused since newer1.\n")
    with pytest.raises(ZeroDivisionError):
        newer.migrate(database)
    assert (revision_of(database), told_works_from(database)) == ("newer1", "newer1")


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
