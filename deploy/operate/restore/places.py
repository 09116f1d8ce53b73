"""Where the databases of a back-up go, and what becomes of those that are there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import create_engine, text

from deploy.operate.back_up.manifest import DATABASES, DUMP, Manifest
from deploy.operate.errors import CannotDo
from deploy.operate.installation import SERVICES, sqlite_file
from deploy.operate.postgresql_programs import run_program
from services.runtime.settings import Settings

SCHEMAS_THERE = text(
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name = ANY(:names)"
)
BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps with a file


def refuse_other_make(settings: Settings, manifest: Manifest) -> None:
    """Raise CannotDo where the back-up is of SQLite and the settings are not, or the reverse."""
    make = "postgresql" if settings.database_url else "sqlite"
    if manifest.databases != make:
        how = "unset DATABASE_URL" if make == "postgresql" else "set DATABASE_URL"
        raise CannotDo(f"the back-up is of {manifest.databases} databases; {how}")


def refuse_what_is_there(settings: Settings) -> None:
    """Raise CannotDo where a database is in the way."""
    there = _schemas(settings) if settings.database_url else _files(settings)
    if there:
        raise CannotDo(
            f"there is data already: {', '.join(there)}; with --replace it is moved aside"
        )


def place_databases(
    settings: Settings, folder: Path, manifest: Manifest, aside: str | None
) -> None:
    """Put the databases in place; with `aside` what is there is kept under that name."""
    if settings.database_url:
        _place_schemas(settings, folder, aside)
    else:
        _place_files(settings, folder, aside)


def _files(settings: Settings) -> list[str]:
    files = [sqlite_file(settings, service) for service in SERVICES]
    return [str(file) for file in files if file is not None and file.exists()]


def _place_files(settings: Settings, folder: Path, aside: str | None) -> None:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for service in SERVICES:
        file = sqlite_file(settings, service)
        assert file is not None
        for ending in BESIDE:
            old = file.with_name(file.name + ending)
            if aside and old.exists():
                (file.parent / aside).mkdir(mode=0o700, exist_ok=True)
                old.rename(file.parent / aside / old.name)
            old.unlink(missing_ok=True)  # a log without its file would be taken for the new one's
        unfinished = file.with_name(file.name + ".unfinished")
        shutil.copyfile(folder / DATABASES / f"{service}.sqlite3", unfinished)
        unfinished.rename(file)
    os.sync()


def _schemas(settings: Settings) -> list[str]:
    engine = create_engine(settings.database_url or "")
    try:
        with engine.connect() as connection:
            return [*connection.scalars(SCHEMAS_THERE, {"names": list(SERVICES)})]
    finally:
        engine.dispose()


def _place_schemas(settings: Settings, folder: Path, aside: str | None) -> None:
    there = _schemas(settings)
    if aside and there:
        engine = create_engine(settings.database_url or "")
        with engine.begin() as connection:
            for name in there:
                connection.execute(text(f'ALTER SCHEMA "{name}" RENAME TO "{name}_{aside}"'))
        engine.dispose()
    run_program(
        "pg_restore",
        settings.database_url or "",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(folder / DUMP),
    )
