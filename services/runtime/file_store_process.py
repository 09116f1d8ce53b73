"""A file store in a process of its own, for storages whose client runs an event loop.

Such a client (s3, gcs, abfs …) does not work beside the standard library as eventlet patches it.
So a green service asks a child, which is not patched, over two pipes: one request at a time, each
a letter and its bytes, answered likewise.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from eventlet.patcher import original

from services.runtime.file_store import (
    FileDamaged,
    FileMissing,
    FileStore,
    FileStoreAway,
    FileStoreError,
    open_file_store,
)
from services.runtime.settings import Settings

# To a pipe whose other end is closed the patched write writes nothing, and says so for ever.
_PIPES = original("os")
_HEAD = struct.Struct(">cQ")
_FAILURES: dict[bytes, type[FileStoreError]] = {
    b"m": FileMissing,
    b"d": FileDamaged,
    b"a": FileStoreAway,
}
DONE = b"+"
_AWAY = "the process that speaks to the file store has ended; it is started again"


class FileStoreProcess(FileStore):
    """The store of the settings, behind a child; call it in a real thread.

    The child is started when it is first asked, and anew when it has died.
    """

    def __init__(self) -> None:
        # A patched lock would wake its waiters in the wrong thread.
        self._turn = original("threading").Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._asks = self._hears = -1

    def put(self, content: bytes) -> str:
        """As in FileStore."""
        return self._ask(b"p", content).decode("ascii")

    def get(self, sha256: str) -> bytes:
        """As in FileStore."""
        return self._ask(b"g", sha256.encode())

    def has(self, sha256: str) -> bool:
        """As in FileStore."""
        return self._ask(b"h", sha256.encode()) == b"1"

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            os.close(self._asks)
            os.close(self._hears)
            self._child.terminate()
            self._child.wait()
            self._child = None

    def _ask(self, letter: bytes, content: bytes) -> bytes:
        with self._turn:
            if self._child is None:
                self._start()
            try:
                _write(self._asks, letter, content)
                outcome, answer = _read(self._hears)
            except (OSError, EOFError) as error:
                with suppress(OSError):
                    self.close()
                raise FileStoreAway(_AWAY) from error
        if outcome != DONE:
            raise _FAILURES[outcome](answer.decode())
        return answer

    def _start(self) -> None:
        """Over pipes of our own: those of a patched Popen would be green."""
        asked, self._asks = os.pipe()
        self._hears, told = os.pipe()
        program = [sys.executable, "-m", "services.runtime.file_store_process"]
        self._child = subprocess.Popen(program, stdin=asked, stdout=told)
        os.close(asked)
        os.close(told)


def open_green_file_store(settings: Settings) -> FileStore:
    """The store of the attachments for a process that eventlet has patched. Raises SettingsError.

    Either way each call blocks, so it is made in a real thread.
    """
    store = open_file_store(settings)
    return FileStoreProcess() if store.has_event_loop else store


def answer_requests(store: FileStore, asked: int, told: int) -> None:
    """Do what is asked until the other end is closed."""
    doing: dict[bytes, Callable[[bytes], bytes]] = {
        b"p": lambda content: store.put(content).encode("ascii"),
        b"g": lambda sha256: store.get(sha256.decode()),
        b"h": lambda sha256: b"1" if store.has(sha256.decode()) else b"0",
    }
    with suppress(EOFError, BrokenPipeError):
        while True:
            letter, content = _read(asked)
            try:
                outcome, answer = DONE, doing[letter](content)
            except FileStoreError as error:
                outcome = next(k for k, kind in _FAILURES.items() if isinstance(error, kind))
                answer = str(error).encode()
            _write(told, outcome, answer)


def _write(pipe: int, letter: bytes, content: bytes) -> None:
    for piece in (_HEAD.pack(letter, len(content)), content):
        rest = memoryview(piece)
        while rest:
            rest = rest[_PIPES.write(pipe, rest) :]


def _read(pipe: int) -> tuple[bytes, bytes]:
    """A letter and its bytes. Raises EOFError when the other end is closed."""
    letter, size = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    return letter, _exactly(pipe, size)


def _exactly(pipe: int, size: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < size:
        piece = _PIPES.read(pipe, min(size - len(pieces), 1 << 20))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with whoever asks it
    # What prints must not get between the answers.
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer_requests(open_file_store(Settings.load()), sys.stdin.fileno(), answers)
