"""Where the running gateway takes mails from `deliver` (services/mailgw/hand_over.py)."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import structlog

from services.mailgw.actions.store_mail import store_mails
from services.mailgw.hand_over import KEPT, MOST_BYTES
from services.mailgw.incoming.room import Room
from services.messaging.transaction import Transactions

MOST_AT_ONCE = 64
MOST_NAME_BYTES = 500
ROOM_BYTES = 48 * 1024 * 1024  # for all mails that are being brought; who finds none waits
READ_SECONDS = 10.0

log = structlog.get_logger()


@dataclass
class _Brought:
    """A mail on its way into the database."""

    account: str
    raw: bytes
    settled: bool = False
    kept: bool = False


class DeliveryDoor:
    """A socket of this machine and user; what comes while one commit is made shares the next."""

    def __init__(
        self, transactions: Transactions, path: Path, stored: Callable[[], None] = lambda: None
    ) -> None:
        self._transactions = transactions
        self._path = path
        self._stored = stored
        self._callers = threading.Semaphore(MOST_AT_ONCE)
        self._room = Room(ROOM_BYTES)
        self._brought: list[_Brought] = []
        self._storing = threading.Lock()
        self._listener: socket.socket | None = None
        self._number: tuple[int, int, int] | None = None

    def keep_open(self) -> None:
        """Listen, unless this or another process here does; to be called now and then.

        Where it cannot listen, `deliver` stores its mails itself, as without a gateway.
        """
        if self._listener is not None and self._is_mine():
            return
        if self._is_answered():
            return
        self.close()
        listener = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)
            listener.bind(str(self._path))
            self._path.chmod(0o600)
            self._number = _number_of(self._path)
            listener.listen(MOST_AT_ONCE)
        except OSError as error:
            listener.close()
            log.warning("deliver cannot hand its mails over", path=str(self._path), why=str(error))
            return
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Listen no more; who is just bringing a mail stores it himself."""
        if self._listener is None:
            return
        if self._is_mine():
            self._path.unlink(missing_ok=True)
        with suppress(OSError):  # nobody listens there already
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a caller
        self._listener.close()
        self._listener = None

    def _is_mine(self) -> bool:
        return self._number is not None and _number_of(self._path) == self._number

    def _is_answered(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._path))
        except OSError:
            return False
        return True

    def _accept(self, listener: socket.socket) -> None:
        while self._listener is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # it was closed
            self._callers.acquire()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(READ_SECONDS)
            with connection, connection.makefile("rb") as stream:
                head = _read_head(stream)
                if head is not None and self._take(stream, *head):
                    connection.sendall(KEPT)
        except OSError as error:
            log.info(
                "a mail that was brought was not taken; it is stored otherwise", why=str(error)
            )
        finally:
            self._callers.release()

    def _take(self, stream: BinaryIO, account: str, size: int) -> bool:
        with self._room.taken(size):
            raw = stream.read(size)
            return len(raw) == size and self._keep(_Brought(account, raw))

    def _keep(self, brought: _Brought) -> bool:
        """Whether it is durable. Whoever comes first stores for all who wait."""
        self._brought.append(brought)
        with self._storing:
            if not brought.settled:
                waiting, self._brought = self._brought, []
                self._store(waiting)
        return brought.kept

    def _store(self, waiting: list[_Brought]) -> None:
        for account in dict.fromkeys(one.account for one in waiting):
            these = [one for one in waiting if one.account == account]
            try:
                store_mails(self._transactions, account, [one.raw for one in these])
            except Exception as error:  # noqa: BLE001  whatever it is, `deliver` has the mail yet
                log.warning("mails that were brought were not stored", why=str(error))
            else:
                for one in these:
                    one.kept = True
            for one in these:
                one.settled = True
        self._stored()


def _read_head(stream: BinaryIO) -> tuple[str, int] | None:
    """The account, and how many bytes follow; None for what `deliver` does not write."""
    account = stream.readline(MOST_NAME_BYTES)
    size = stream.readline(20).strip()
    if not (account.endswith(b"\n") and size.isdigit() and int(size) <= MOST_BYTES):
        return None
    return account[:-1].decode("utf-8", "replace"), int(size)


def _number_of(path: Path) -> tuple[int, int, int] | None:
    """What tells this file from another that comes to stand at its path."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns
