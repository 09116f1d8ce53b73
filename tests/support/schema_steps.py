"""What each revision of a service makes of its database, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import inspect
from support.schema_looks import Schema, schema_of

from services.runtime.database import Database
from services.runtime.migration import upgrade


def steps(database: Database, config: Config) -> Iterator[tuple[Script, Schema, Schema]]:
    """Migrate an empty database; each revision with the schema before and after it."""
    before: Schema = {}
    for script in _in_order(config):
        upgrade(database, config, script.revision)
        with database.engine.connect() as connection:
            after = schema_of(inspect(connection))
        yield script, before, after
        before = after


def _in_order(config: Config) -> list[Script]:
    return [*ScriptDirectory.from_config(config).walk_revisions()][::-1]
