"""Which state of the schema a database is at, which are known here, and which releases it suits."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Column, MetaData, String, Table, insert, inspect, select, update

import services
from services.runtime.database import Database

CONTRACTS = re.compile(r"^Contracts what is unused since (\w+)\.$", re.MULTILINE)

# One row: releases that know this revision work with the schema, however far it has grown since.
# It is beside the service's own tables, for a release reads it of databases newer than itself.
WORKS_FROM = Table("schema_works_from", MetaData(), Column("revision", String(32), nullable=False))


def configuration(service: str) -> Config:
    """Alembic's configuration for the migrations of a service."""
    config = Config()
    folder = Path(services.__file__).parent / service / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def known_revisions(service: str) -> list[str]:
    """Every revision of a service's database, the newest first."""
    scripts = ScriptDirectory.from_config(configuration(service))
    return [script.revision for script in scripts.walk_revisions()]


def revision_of(database: Database) -> str | None:
    """The revision that a database is at; None for one that was never migrated."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def unused_since(script: Script) -> str | None:
    """From which revision on no code uses what this one takes away, as its docstring says."""
    said = CONTRACTS.search(script.module.__doc__ or "")
    return said[1] if said else None


def works_from(scripts: ScriptDirectory, revision: str = "head") -> str:
    """The oldest revision whose release works with the schema of this one."""
    walked = [*scripts.walk_revisions("base", revision)][::-1]
    known = [script.revision for script in walked]
    unused = [since for since in map(unused_since, walked) if since is not None]
    return max([known[0], *unused], key=known.index)


def told_works_from(database: Database) -> str | None:
    """The same as the database itself tells it; None when it does not."""
    with database.read() as connection:
        if not inspect(connection).has_table(WORKS_FROM.name, schema=database.schema):
            return None
        return connection.scalar(select(WORKS_FROM.c.revision))


def tell_works_from(database: Database, revision: str) -> None:
    """Write it into the database."""
    with database.write() as connection:
        WORKS_FROM.create(connection, checkfirst=True)
        if connection.execute(update(WORKS_FROM).values(revision=revision)).rowcount == 0:
            connection.execute(insert(WORKS_FROM).values(revision=revision))
