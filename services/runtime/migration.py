"""Bringing a service's database to the present schema with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

import services
from services.runtime.database import Database, open_database
from services.runtime.settings import Settings


def migrate(settings: Settings, service: str) -> None:
    """Migrate one service's database to the newest revision."""
    database = open_database(settings, service)
    try:
        migrate_database(database, service)
    finally:
        database.close()


def migrate_database(database: Database, service: str, revision: str = "head") -> None:
    """Migrate this database; on PostgreSQL its schema is made first when it is not there."""
    if database.schema:
        _make_schema(database, database.schema)
    config = configuration(service)
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _make_schema(database: Database, schema: str) -> None:
    """Looked for first: IF NOT EXISTS wants the right to make schemas even where it is there."""
    with database.write() as connection:
        if (
            connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": f'"{schema}"'})
            is None
        ):
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))


def configuration(service: str) -> Config:
    """Alembic's configuration for the migrations of a service."""
    config = Config()
    folder = Path(services.__file__).parent / service / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def run_env(metadata: MetaData) -> None:
    """The body of each service's Alembic `env.py`."""
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrate with `python -m services.<name> migrate`, not with alembic")
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
