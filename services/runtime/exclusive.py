"""Work that only one process at a time may do, such as relaying an outbox."""

from __future__ import annotations

import fcntl
import zlib
from typing import IO

from sqlalchemy import Connection, text

from services.runtime.database import Database


class Exclusive:
    """A lock among processes that goes with its holder, however he ends.

    On SQLite a locked file beside the database; on PostgreSQL an advisory lock
    of a connection kept for it.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    def try_acquire(self) -> bool:
        """Take the lock, or answer False when another holds it. Taking it twice is one taking."""
        return self._lock_file() if self._database.is_sqlite else self._lock_row()

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _lock_file(self) -> bool:
        if self._file is not None:
            return True
        path = self._database.url.removeprefix("sqlite:///") + f".{self._name}.lock"
        file = open(path, "w", encoding="utf-8")  # noqa: SIM115  kept open while the lock is held
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _lock_row(self) -> bool:
        if self._connection is not None and not self._connection.closed:
            try:
                self._connection.execute(text("SELECT 1"))
                return True
            except Exception:  # noqa: BLE001  the connection is gone, and the lock with it
                self.release()
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        number = zlib.crc32(f"{self._database.schema}.{self._name}".encode())
        if connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}).scalar():
            self._connection = connection
            return True
        connection.close()
        return False
