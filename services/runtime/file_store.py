"""Files kept once, by the SHA-256 of their bytes, on any storage that fsspec opens.

The layout below the URL is `ab/cd/<sha256>`. All of it blocks: a green process calls it in a real
thread.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from services.runtime.identity import new_id
from services.runtime.settings import Settings, SettingsError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileStoreError(Exception):
    """Base of what a store can fail with; the message says it in words."""


class FileMissing(FileStoreError):
    """There is no file with this hash."""


class FileDamaged(FileStoreError):
    """The file is there, but its bytes are not those that its hash stands for."""


class FileStoreAway(FileStoreError):
    """The storage does not answer or refuses; later it may go well."""


class FileStore:
    """The files below one fsspec URL: a folder, `s3://bucket/prefix`, `memory://name` …

    Raises SettingsError for a URL that fsspec, or what is installed for it, cannot open.
    """

    def __init__(self, url: str) -> None:
        try:
            # Another process may have written since: what a listing said is not believed.
            opened, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise SettingsError(f"cannot start: ATTACHMENTS_URL: {error}") from error
        self._files: Any = opened
        self._root = str(root).rstrip("/")

    def put(self, content: bytes) -> str:
        """Keep these bytes, once however often they come; answers their SHA-256 in hex.

        When it returns they are durable. A file that was cut short is written anew. Raises
        FileStoreAway.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if self._size(path) != len(content):
                self._write(path, content)
        except Exception as error:  # each kind of storage fails with errors of its own
            raise _away(error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises FileMissing, FileDamaged, FileStoreAway."""
        _check(sha256)
        try:
            content = bytes(self._files.cat_file(self._path(sha256)))
        except FileNotFoundError as error:
            raise FileMissing(f"there is no file {sha256}") from error
        except Exception as error:  # each kind of storage fails with errors of its own
            raise _away(error) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileDamaged(f"the file {sha256} is damaged: restore it from a back-up")
        return content

    def has(self, sha256: str) -> bool:
        """Whether there is a file with this hash. Raises FileStoreAway."""
        try:
            return bool(_SHA256.fullmatch(sha256)) and self._size(self._path(sha256)) is not None
        except Exception as error:  # each kind of storage fails with errors of its own
            raise _away(error) from error

    def remove(self, sha256: str) -> None:
        """Keep this file no longer; nothing happens where it is not. Raises FileStoreAway."""
        _check(sha256)
        try:
            self._files.rm_file(self._path(sha256))
        except FileNotFoundError:
            return
        except Exception as error:  # each kind of storage fails with errors of its own
            raise _away(error) from error

    def hashes(self) -> list[str]:
        """The hash of every file, in order. Raises FileStoreAway."""
        try:
            found = self._files.find(self._root)
        except FileNotFoundError:
            return []
        except Exception as error:  # each kind of storage fails with errors of its own
            raise _away(error) from error
        names = {str(path).rpartition("/")[2] for path in found}
        return sorted(name for name in names if _SHA256.fullmatch(name))

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _size(self, path: str) -> int | None:
        try:
            return int(self._files.info(path)["size"])
        except FileNotFoundError:
            return None

    def _write(self, path: str, content: bytes) -> None:
        """Whole or not at all: an object store writes so by itself."""
        if isinstance(self._files, LocalFileSystem):
            _write_locally(Path(path), content)
            return
        try:
            self._files.pipe_file(path, content)
        except FileNotFoundError:  # a storage that has folders
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, content)

    @property
    def has_event_loop(self) -> bool:
        """Whether its client runs an event loop of asyncio, as those of most object stores do."""
        return bool(getattr(self._files, "async_impl", False))


def open_file_store(settings: Settings) -> FileStore:
    """The store of the attachments. Raises SettingsError."""
    return FileStore(settings.attachments_at)


def _write_locally(path: Path, content: bytes) -> None:
    """Under another name first, so that nobody finds half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{new_id()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check(sha256: str) -> None:
    if not _SHA256.fullmatch(sha256):
        raise FileMissing("a file is known by a SHA-256 of 64 hexadecimal digits")


def _away(error: Exception) -> FileStoreAway:
    return FileStoreAway(f"the file store cannot be used now ({type(error).__name__}: {error})")
