"""Files of keys, one a line: made and replaced whole or not at all, for their owner alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def make_key_file(path: Path, key: str) -> None:
    """Make the file, and its folder; one that another process made meanwhile stays.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = _beside(path, [key])
    try:
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def replace_key_file(path: Path, keys: Sequence[str]) -> None:
    """Give the file, which is there, these keys; it stays its owner's. Raises OSError."""
    before = path.stat()
    name = _beside(path, keys)
    try:
        os.chown(name, before.st_uid, before.st_gid)
        os.replace(name, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # before anything is encrypted with it
        finally:
            os.close(folder)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _beside(path: Path, keys: Sequence[str]) -> str:
    """The name of a new file in the same folder, with these keys on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return name
