"""What the storm gave, got and did: kept in a file, so that it may be long."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from faults.storm.plan import Fault

TABLES = """
CREATE TABLE given (id INTEGER PRIMARY KEY, account TEXT, kind TEXT, sha256 TEXT, subject TEXT,
    answers TEXT, at REAL, accepted_at REAL);
CREATE TABLE arrived (message_id TEXT, recipient TEXT, at REAL, connection INTEGER, mark TEXT);
CREATE TABLE replied (key TEXT PRIMARY KEY, case_number INTEGER, accepted_at REAL);
CREATE TABLE hooked (event_id TEXT, at REAL);
CREATE TABLE faults (number INTEGER PRIMARY KEY, kind TEXT, target TEXT, told TEXT, begun REAL,
    ended REAL, note TEXT);
CREATE TABLE poison (id TEXT, queue TEXT);
CREATE TABLE deaths (service TEXT, code INTEGER, at REAL, tail TEXT);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT);
CREATE INDEX arrived_id ON arrived (message_id, recipient);
CREATE INDEX given_sha ON given (account, sha256);
"""


class Journal:
    """The tables above; moments are those of time.time() of this machine, which never jump."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self.path = path
        self._turn = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        if is_new:
            self._database.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def rows(self, question: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The answer to a question in SQL, some rows at a time."""
        with self._turn:
            cursor = self._database.execute(question, values)
            many = cursor.fetchmany(1000)
        while many:
            yield from many
            with self._turn:
                many = cursor.fetchmany(1000)

    def count(self, question: str, *values: Any) -> int:
        """The one number that a question in SQL asks for; nothing is 0."""
        return int(next(self.rows(question, *values))[0] or 0)

    def do(self, statement: str, *values: Any) -> int:
        """Carry a statement in SQL out; the id of the row that it inserted."""
        with self._turn:
            return int(self._database.execute(statement, values).lastrowid or 0)

    def give(self, account: str, kind: str, sha256: str, subject: str, answers: str) -> int:
        """A mail is about to be handed over; its id here."""
        statement = "INSERT INTO given VALUES (NULL, ?, ?, ?, ?, ?, ?, NULL)"
        return self.do(statement, account, kind, sha256, subject, answers, time.time())

    def accept(self, given: int) -> None:
        """Whoever took it has said that the mail is kept."""
        self.do("UPDATE given SET accepted_at = ? WHERE id = ?", time.time(), given)

    def arrive(
        self, message_id: str, recipients: Iterable[str], connection: int, mark: str
    ) -> None:
        """A mail of ours has reached the server of its recipients."""
        for one in recipients:
            values = (message_id, one.lower(), time.time(), connection, mark)
            self.do("INSERT INTO arrived VALUES (?, ?, ?, ?, ?)", *values)

    def begin(self, fault: Fault) -> None:
        """A fault strikes now."""
        row = (fault.number, fault.kind, fault.target, str(fault), time.time())
        self.do("INSERT INTO faults VALUES (?, ?, ?, ?, ?, NULL, '')", *row)

    def end(self, fault: Fault, note: str = "") -> None:
        """All that the fault struck is whole again, as far as the storm can tell."""
        statement = "UPDATE faults SET ended = ?, note = ? WHERE number = ?"
        self.do(statement, time.time(), note, fault.number)

    def keep(self, name: str, value: Any) -> None:
        """Something that the checks need to know."""
        text = json.dumps(value)
        self.do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, text)

    def kept(self, name: str) -> Any:
        """What was kept under this name; None when nothing was."""
        found = next(self.rows("SELECT value FROM facts WHERE name = ?", name), None)
        return json.loads(found[0]) if found else None

    def keep_plan(self, plan: Iterable[Fault]) -> None:
        """What is to strike, before it does."""
        self.keep("plan", [asdict(fault) for fault in plan])
