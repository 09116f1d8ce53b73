"""A green process keeps files on a storage whose client runs an event loop (K3)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
from services.runtime import green
green.patch()
import eventlet
from eventlet import tpool
from services.runtime.file_store import FileMissing, FileStoreAway
from services.runtime.file_store_process import FileStoreProcess, open_green_file_store
from services.runtime.settings import Settings

store = open_green_file_store(Settings.load())
print(type(store).__name__)

def keep(number):
    content = bytes([number]) * 1_000_000
    sha256 = tpool.execute(store.put, content)
    return tpool.execute(store.has, sha256) and tpool.execute(store.get, sha256) == content

print(all(eventlet.GreenPool().imap(keep, range(8))))
try:
    tpool.execute(store.get, "0" * 64)
except FileMissing:
    print("missing")
if isinstance(store, FileStoreProcess):
    store._child.kill()
    try:
        tpool.execute(store.has, "0" * 64)
    except FileStoreAway:
        print("away")
    print(tpool.execute(store.has, "0" * 64))
    store.close()
"""


def run(url: str) -> list[str]:
    environment = {**os.environ, "ATTACHMENTS_URL": url, "PYTHONWARNINGS": "ignore"}
    program = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_K3_a_client_with_an_event_loop_works_behind_a_child_and_outlives_its_death(
    tmp_path: Path,
) -> None:
    url = f"asyncwrapper::file://{tmp_path / 'kept'}"
    assert run(url) == ["FileStoreProcess", "True", "missing", "away", "False"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 8


def test_K3_a_folder_is_used_without_a_child(tmp_path: Path) -> None:
    assert run(str(tmp_path / "kept")) == ["FileStore", "True", "missing"]
