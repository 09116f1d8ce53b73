"""Which state of the schema a database is at, and which are known here."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from services.runtime.database import Database
from services.runtime.migration import configuration


def known_revisions(service: str) -> list[str]:
    """Every revision of a service's database, the newest first."""
    scripts = ScriptDirectory.from_config(configuration(service))
    return [script.revision for script in scripts.walk_revisions()]


def revision_of(database: Database) -> str | None:
    """The revision that a database is at; None for one that was never migrated."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
