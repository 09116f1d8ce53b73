"""The keys that sign sessions and forms, and encrypt the secrets that we keep."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from services.web.settings import WebSettings

FILE_NAME = "web.key"
# The one that signs, and the one before: whoever has signed in by that stays signed in.
MOST_KEYS = 2


class KeyGiven(Exception):
    """The key comes from WEB_SECRET_KEY, and is not ours to change."""


def secret_keys(settings: WebSettings) -> tuple[str, ...]:
    """The keys, one a line, of WEB_SECRET_KEY or else of `web.key`, which is made if missing.

    The first signs and encrypts; what the others have signed or encrypted is still taken.
    Several gateways behind one address need the same, or each would sign the others' users out.
    """
    given = settings.web_secret_key.get_secret_value() if settings.web_secret_key else ""
    if given.strip():
        return _lines(given)
    path = settings.home / FILE_NAME
    if not path.exists():
        _make(path)
    return _lines(path.read_text(encoding="ascii"))


def add_key(settings: WebSettings) -> tuple[str, ...]:
    """Put a new key on top, drop all but the one before, and answer both.

    Raises KeyGiven where the key is a setting.
    """
    if settings.web_secret_key and settings.web_secret_key.get_secret_value().strip():
        raise KeyGiven(
            "the key is given by WEB_SECRET_KEY: put a new one there on a line above the old"
        )
    keys = (secrets.token_hex(32), *secret_keys(settings))[:MOST_KEYS]
    os.replace(_beside(settings.home / FILE_NAME, keys), settings.home / FILE_NAME)
    return keys


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _make(path: Path) -> None:
    """Make the file whole before it has its name; another process's key, made first, stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(path, [secrets.token_hex(32)])
    try:
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)


def _beside(path: Path, keys: Sequence[str]) -> str:
    """A file with these keys beside it, readable by its owner alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return name
