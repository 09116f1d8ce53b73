"""Passwords at rest: encrypted with keys of a file that only the gateway reads."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from services.mailgw.errors import UnreadableKey


class Vault:
    """Encrypts and decrypts with the keys in `path`, one a line.

    The first encrypts, all decrypt: to change keys, write a new one on top. Without the file
    a key is made when the first password is stored.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def lock(self, secret: str) -> str:
        """The secret, encrypted. Raises UnreadableKey."""
        if not self._path.exists():
            _make_key(self._path)
        return self._keys().encrypt(secret.encode()).decode("ascii")

    def unlock(self, token: str) -> str:
        """The secret in `token`. Raises UnreadableKey."""
        try:
            return self._keys().decrypt(token.encode("ascii")).decode()
        except InvalidToken as error:
            raise UnreadableKey(
                f"no key in {self._path} opens this password; "
                "put the key that it was stored with back, or give the password again"
            ) from error

    def _keys(self) -> MultiFernet:
        try:
            lines = self._path.read_text(encoding="ascii").split()
            return MultiFernet([Fernet(line) for line in lines])
        except FileNotFoundError as error:
            raise UnreadableKey(f"the key file {self._path} is missing") from error
        except (OSError, ValueError) as error:
            raise UnreadableKey(f"the key file {self._path} cannot be used: {error}") from error


def _make_key(path: Path) -> None:
    """Make the file whole or not at all; a key that another process made meanwhile stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)
