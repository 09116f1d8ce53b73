"""The folder that holds all of one installation's data, and who may use it now."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from deploy.local.errors import CannotStart


class Home:
    """`CASEWIRE_HOME`. One start at a time holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.broker = self.folder / "rabbitmq"
        self._amqp_uri = self.folder / "amqp_uri"
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Make the folder where it is missing, and hold it until this process ends.

        Raises CannotStart when another start holds it, or it cannot be written to.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds mails
            lock = open(self.folder / "run.lock", "a+", encoding="utf-8")  # noqa: SIM115  held on
        except OSError as error:
            raise CannotStart(
                f"CASEWIRE_HOME: cannot write to {self.folder} ({error.strerror}); "
                "set it to a folder of yours"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise CannotStart(
                f"Casewire is running already on {self.folder} (process {holder}); "
                "stop that one first, or set CASEWIRE_HOME to another folder"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def tell_amqp_uri(self, uri: str) -> None:
        """Let commands run beside this start find its broker without AMQP_URI."""
        self._amqp_uri.touch(mode=0o600)
        self._amqp_uri.write_text(uri, encoding="utf-8")

    def forget_amqp_uri(self) -> None:
        """The broker is gone; commands shall not look for it."""
        self._amqp_uri.unlink(missing_ok=True)
