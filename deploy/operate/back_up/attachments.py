"""Attachments are copied behind the databases.

Whatever a row names was stored before its row was committed, and files never change: so the copy
holds every file of that moment, and some that came since.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.runtime.file_store import FileDamaged, FileMissing, FileStore


@dataclass(frozen=True)
class Copied:
    """How many were copied, and the hashes of those whose bytes are not theirs any more."""

    count: int
    damaged: tuple[str, ...]


def copy_attachments(source: FileStore, target: FileStore) -> Copied:
    """Copy every file, read back by its hash. Raises FileStoreAway."""
    count, damaged = 0, []
    for sha256 in source.hashes():
        try:
            target.put(source.get(sha256))
        except FileDamaged:
            damaged.append(sha256)
        except FileMissing:
            continue  # removed meanwhile
        else:
            count += 1
    return Copied(count, tuple(damaged))
