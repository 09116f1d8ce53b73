"""The back-up's arguments, and its steps in their order (docs/decisions/0015-back-up.md)."""

from __future__ import annotations

import argparse
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from deploy.operate.back_up import sqlite_copies
from deploy.operate.back_up.attachments import Copied, copy_attachments
from deploy.operate.back_up.key_files import copy_keys
from deploy.operate.back_up.manifest import (
    ATTACHMENTS,
    DATABASES,
    DEAD_LETTERS,
    DUMP,
    Manifest,
    sha256_of,
    write_manifest,
)
from deploy.operate.back_up.on_the_bus import copy_dead_letters, oldest_waiting
from deploy.operate.back_up.packing import is_packed, pack
from deploy.operate.back_up.postgresql_dump import at_one_snapshot, dump
from deploy.operate.errors import CannotDo
from deploy.operate.installation import SERVICES, sqlite_file
from services.messaging.broker_check import broker_check
from services.messaging.inbox import KEPT_DAYS
from services.runtime.file_store import FileStore, open_file_store
from services.runtime.settings import Settings

HELP = "copy all databases and attachments as of one moment, while Casewire runs"
# What is read by somebody waits for minutes; what nobody reads is looked at.
SENT_AGAIN = timedelta(days=2)
AS_FAR_AS_INBOXES_KNOW = timedelta(days=KEPT_DAYS - 2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and what with."""
    parser.add_argument("target", type=Path, metavar="TARGET")
    parser.add_argument("--with-keys", action="store_true", help="copy the keys to TARGET.keys")
    parser.add_argument(
        "--without-attachments",
        action="store_true",
        help="for a store that keeps copies of its own, such as a bucket with versions",
    )
    parser.add_argument(
        "--without-broker",
        action="store_true",
        help="when the broker cannot be reached: its dead letters are left out",
    )


def run(given: argparse.Namespace) -> int:
    """Back up; 1 when attachments are damaged. Raises CannotDo."""
    settings, target = Settings.load(), given.target.absolute()
    trouble = None if given.without_broker else broker_check(settings.amqp_uri)()
    if trouble:
        raise CannotDo(f"{trouble}; with --without-broker its dead letters are left out")
    if target.exists():
        raise CannotDo(f"{target} is there already; give another name")
    folder = target.with_name(f".{target.name}.unfinished")
    (folder / DATABASES).mkdir(parents=True)
    try:
        manifest = _back_up(settings, folder, given)
        if is_packed(target):
            pack(folder, target)
        else:
            folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _tell(manifest, target)
    if given.with_keys:
        keys = target.with_name(target.name + ".keys")
        found = ", ".join(copy_keys(settings, keys)) or "none"
        print(f"keys ({found}) are in {keys}: keep them apart from the back-up")
    return int(bool(manifest.damaged))


def _back_up(settings: Settings, folder: Path, given: argparse.Namespace) -> Manifest:
    """The broker first, then the databases, then the attachments: each may know more than the
    one before it, and never less.
    """
    oldest: datetime | None = None
    if given.without_broker:
        (folder / DEAD_LETTERS).touch()
    else:
        oldest = oldest_waiting(settings.amqp_uri)
        copy_dead_letters(settings.amqp_uri, folder / DEAD_LETTERS)
    copy = _copy_postgresql if settings.database_url else _copy_sqlite
    moment, revisions = copy(settings, folder)
    copied: Copied | None = None
    if not given.without_attachments:
        target = FileStore(str(folder / ATTACHMENTS))
        copied = copy_attachments(open_file_store(settings), target)
    margin = AS_FAR_AS_INBOXES_KNOW if given.without_broker else SENT_AGAIN
    manifest = Manifest(
        taken_at=moment,
        send_again_from=min(moment - margin, oldest or moment),
        databases="postgresql" if settings.database_url else "sqlite",
        revisions=revisions,
        files=_hashes(folder),
        attachments=copied.count if copied else None,
        damaged=copied.damaged if copied else (),
    )
    write_manifest(folder, manifest)
    return manifest


def _hashes(folder: Path) -> dict[str, str]:
    files = [folder / DEAD_LETTERS, *sorted((folder / DATABASES).iterdir())]
    return {str(file.relative_to(folder)): sha256_of(file) for file in files}


def _copy_sqlite(settings: Settings, folder: Path) -> tuple[datetime, dict[str, str]]:
    files = {name: file for name in SERVICES if (file := sqlite_file(settings, name))}
    revisions = {}
    with sqlite_copies.at_one_moment(files) as (moment, readers):
        for name, reader in readers.items():
            (revisions[name],) = reader.execute(
                "SELECT version_num FROM alembic_version"
            ).fetchone()
            sqlite_copies.copy(reader, folder / DATABASES / f"{name}.sqlite3")
    return moment, revisions


def _copy_postgresql(settings: Settings, folder: Path) -> tuple[datetime, dict[str, str]]:
    revisions = {}
    with at_one_snapshot(settings.database_url or "") as (moment, snapshot, connection):
        for name in SERVICES:
            question = text(f'SELECT version_num FROM "{name}".alembic_version')
            revisions[name] = str(connection.scalar(question))
        dump(settings.database_url or "", snapshot, folder / DUMP)
    return moment, revisions


def _tell(manifest: Manifest, target: Path) -> None:
    files = "left out" if manifest.attachments is None else str(manifest.attachments)
    print(f"{target}: all as of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, attachments: {files}")
    for sha256 in manifest.damaged:
        print(f"attachment {sha256} is damaged, and not in the back-up: restore an older one")
