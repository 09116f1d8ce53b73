"""Five SQLite files as of one moment.

For a moment we are the one writer of each: nobody commits anywhere, and in that moment a read
transaction is begun on each. From then on writers go on, and each transaction still sees its file
as it was (SQLite, "Write-Ahead Logging"); the online back-up copies what its transaction sees.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

from deploy.operate.errors import CannotDo
from services.runtime.clock import now

TRY_SECONDS = 1.0  # so long writers of one service may wait for one of another
PATIENCE_SECONDS = 60.0

Connections = dict[str, sqlite3.Connection]


@contextmanager
def at_one_moment(files: Mapping[str, Path]) -> Iterator[tuple[datetime, Connections]]:
    """The moment, and for each name a connection that sees its file as of it. Raises CannotDo."""
    with ExitStack() as stack:
        readers = {name: _open(stack, file) for name, file in files.items()}
        writers = {name: _open(stack, file) for name, file in files.items()}
        _stop_writers(writers)
        try:
            moment = now()
            for reader in readers.values():
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # begins to read
        finally:
            _roll_back(writers)
        yield moment, readers


def copy(reader: sqlite3.Connection, target: Path) -> None:
    """Copy what the connection sees into a new file, and look whether the copy is intact."""
    with closing(sqlite3.connect(target)) as copied:
        reader.backup(copied)
        said = [row[0] for row in copied.execute("PRAGMA quick_check(3)")]
        copied.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    if said != ["ok"]:
        raise CannotDo(f"{target.name} is damaged: {'; '.join(said)}; ask `casewire doctor`")


def _open(stack: ExitStack, file: Path) -> sqlite3.Connection:
    if not file.exists():
        raise CannotDo(f"there is no database {file}; is CASEWIRE_HOME right?")
    connection = sqlite3.connect(file, timeout=TRY_SECONDS, isolation_level=None)
    return stack.enter_context(closing(connection))


def _stop_writers(writers: Connections) -> None:
    """Become the writer of each; while one is busy none of the others is kept waiting for long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            for writer in writers.values():
                writer.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            _roll_back(writers)
            if time.monotonic() > deadline:
                raise CannotDo(f"the databases are too busy for a back-up: {error}") from error
            time.sleep(0.05)


def _roll_back(writers: Connections) -> None:
    for writer in writers.values():
        if writer.in_transaction:
            writer.execute("ROLLBACK")
