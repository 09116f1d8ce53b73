"""Passwords at rest: encrypted with keys of a file that only the gateway reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from services.mailgw.errors import UnreadableKey
from services.runtime.key_file import make_key_file, replace_key_file


class Vault:
    """Encrypts and decrypts with the keys in `path`, one a line.

    The first encrypts, all decrypt. Without the file a key is made when the first password is
    stored; `python -m services.mailgw rotate-key` changes it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def lock(self, secret: str) -> str:
        """The secret, encrypted. Raises UnreadableKey."""
        if not self._path.exists():
            make_key_file(self._path, Fernet.generate_key().decode("ascii"))
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

    def renewed(self, token: str) -> str:
        """The same secret, encrypted with the first key. Raises UnreadableKey."""
        return self.lock(self.unlock(token))

    def is_current(self, token: str) -> bool:
        """Whether the first key alone opens it. Raises UnreadableKey."""
        try:
            Fernet(self._lines()[0]).decrypt(token.encode("ascii"))
        except InvalidToken:
            return False
        return True

    def add_key(self) -> None:
        """Put a new key on top. Raises UnreadableKey."""
        self._keys()  # what cannot be used is not built upon
        _replace(self._path, [Fernet.generate_key().decode("ascii"), *self._lines()])

    def keep_first_key(self) -> None:
        """Forget all keys but the first. Raises UnreadableKey."""
        _replace(self._path, self._lines()[:1])

    def _keys(self) -> MultiFernet:
        try:
            return MultiFernet([Fernet(line) for line in self._lines()])
        except ValueError as error:
            raise UnreadableKey(f"the key file {self._path} cannot be used: {error}") from error

    def _lines(self) -> list[str]:
        try:
            lines = self._path.read_text(encoding="ascii").split()
        except FileNotFoundError as error:
            raise UnreadableKey(f"the key file {self._path} is missing") from error
        except (OSError, ValueError) as error:
            raise UnreadableKey(f"the key file {self._path} cannot be used: {error}") from error
        if not lines:
            raise UnreadableKey(f"the key file {self._path} cannot be used: it is empty")
        return lines


def _replace(path: Path, lines: Sequence[str]) -> None:
    try:
        replace_key_file(path, lines)
    except OSError as error:
        raise UnreadableKey(f"the key file {path} cannot be written: {error}") from error
