"""The copies of several SQLite files are of one moment, however busy their writers are."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from deploy.operate.back_up.sqlite_copies import at_one_moment, copy
from deploy.operate.errors import CannotDo

ROUNDS = 5
FILES_BETWEEN = 30  # time enough for the writer between the first and the last


def make(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("CREATE TABLE counted (n INTEGER)")
    connection.execute("INSERT INTO counted VALUES (0)")
    return connection


def read(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT n FROM counted").fetchone()[0])


def test_an_effect_is_never_copied_without_its_cause(tmp_path: Path) -> None:
    """The second file is written behind the first, as a consumer's behind a producer's."""
    between = [f"between-{number}" for number in range(FILES_BETWEEN)]
    files = {name: tmp_path / name for name in ("first", *between, "second")}
    for name in between:
        make(files[name]).close()
    first, second = make(files["first"]), make(files["second"])
    stopping = threading.Event()

    def write() -> None:
        number = 0
        while not stopping.is_set():
            number += 1
            first.execute("UPDATE counted SET n = ?", (number,))
            second.execute("UPDATE counted SET n = ?", (number,))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_number in range(ROUNDS):
            with at_one_moment(files) as (_, readers):
                before = read(files["second"])
                while read(files["second"]) < before + 20:  # writers go on meanwhile
                    pass
                copies = {n: tmp_path / f"{n}-{round_number}" for n in ("first", "second")}
                for name, path in copies.items():
                    copy(readers[name], path)
            cause, effect = read(copies["first"]), read(copies["second"])
            assert effect <= cause <= effect + 1
    finally:
        stopping.set()
        writer.join()


def test_who_never_stops_writing_ends_the_back_up_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.operate.back_up.sqlite_copies.PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr("deploy.operate.back_up.sqlite_copies.TRY_SECONDS", 0.1)
    with closing(make(tmp_path / "busy")) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(CannotDo, match="too busy"), at_one_moment({"busy": tmp_path / "busy"}):
            pass
