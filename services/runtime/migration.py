"""Bringing a service's database to the present schema with Alembic."""

from __future__ import annotations

import sys
import time

import structlog
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import OperationalError

from services.runtime.database import WRITES, Database, open_database
from services.runtime.revisions import (
    configuration,
    known_revisions,
    revision_of,
    tell_works_from,
    told_works_from,
    works_from,
)
from services.runtime.settings import Settings

# Services that run meanwhile queue behind a migration that waits for a lock. So it waits briefly,
# lets them through, and begins anew; the same where it and they would wait for each other.
LOCK_WAIT = "500ms"  # less than after what PostgreSQL breaks a deadlock, at the cost of either
REST_SECONDS = 1.0
ATTEMPTS = 60
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"

log = structlog.get_logger()


class SchemaIsTooNew(Exception):
    """A newer release has taken away from the database what this one uses."""


def migrate(settings: Settings, service: str) -> None:
    """Migrate one service's database to the newest revision. Raises SchemaIsTooNew."""
    database = open_database(settings, service)
    try:
        migrate_database(database, service)
    finally:
        database.close()


def migrate_command(settings: Settings, service: str) -> int:
    """The command `migrate` of a service: 0, or 1 where what it has told has to be done first."""
    try:
        migrate(settings, service)
    except SchemaIsTooNew as error:
        print(f"{service}: {error}; take the newer release", file=sys.stderr)
        return 1
    return 0


def migrate_database(database: Database, service: str, revision: str = "head") -> None:
    """Migrate this database; on PostgreSQL its schema is made first when it is not there.

    One that a newer release has migrated is left as it is. Raises SchemaIsTooNew.
    """
    if database.schema:
        _make_schema(database, database.schema)
    if _is_newer(database, service):
        return
    config = configuration(service)
    # Before the migration: should it break off, an older release is refused rather than misled.
    tell_works_from(database, works_from(ScriptDirectory.from_config(config), revision))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            upgrade(database, config, revision)
            return
        except OperationalError as error:
            if not _met_others(error) or attempt == ATTEMPTS:
                raise
            log.info("the migration lets others through", attempt=attempt)
            time.sleep(REST_SECONDS)


def upgrade(database: Database, config: Config, revision: str) -> None:
    """Run the migrations up to a revision, once, all in one transaction."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _met_others(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED)


def _is_newer(database: Database, service: str) -> bool:
    """Whether a newer release has migrated it. Raises SchemaIsTooNew where this one is too old."""
    here, known = revision_of(database), known_revisions(service)
    if here is None or here in known:
        return False
    told = told_works_from(database)
    if told not in known:
        raise SchemaIsTooNew(
            f"the database of {service} is at {here}, with which no release works that does not "
            f"know {told or here}; this one knows {known[0]}"
        )
    log.warning("the schema is of a newer release; this one works with it", revision=here)
    return True


def _make_schema(database: Database, schema: str) -> None:
    """Looked for first: IF NOT EXISTS wants the right to make schemas even where it is there."""
    with database.write() as connection:
        if (
            connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": f'"{schema}"'})
            is None
        ):
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))


def run_env(metadata: MetaData) -> None:
    """The body of each service's Alembic `env.py`."""
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrate with `python -m services.<name> migrate`, not with alembic")
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
        context.run_migrations()
