"""The keys that sign sessions and forms, and encrypt the secrets that we keep."""

from __future__ import annotations

import secrets
from pathlib import Path

from services.runtime.key_file import make_key_file, replace_key_file
from services.runtime.setting_files import file_given
from services.web.settings import WebSettings

FILE_NAME = "web.key"
# The one that signs, and the one before: whoever has signed in by that stays signed in.
MOST_KEYS = 2


class KeyGiven(Exception):
    """The key comes from WEB_SECRET_KEY, or from a file of others, and is not ours to change."""


def secret_keys(settings: WebSettings) -> tuple[str, ...]:
    """The keys, one a line, of WEB_SECRET_KEY or its file, or of `web.key`, made if missing.

    The first signs and encrypts; what the others have signed or encrypted is still taken.
    Several gateways behind one address need the same, or each would sign the others' users out.
    """
    path = _file(settings)
    if path is None:
        return _lines(_given(settings))
    if not path.exists():
        make_key_file(path, secrets.token_hex(32))
    return _lines(path.read_text(encoding="utf-8"))


def add_key(settings: WebSettings) -> tuple[str, ...]:
    """Put a new key on top and answer all. Raises KeyGiven where it is not ours to change."""
    path = _file(settings)
    if path is None:
        raise KeyGiven(
            "the key is given by WEB_SECRET_KEY: put a new one there on a line above the old"
        )
    keys = (secrets.token_hex(32), *secret_keys(settings))
    try:
        replace_key_file(path, keys)
    except OSError as error:
        raise KeyGiven(
            f"{path} cannot be replaced ({error.strerror}): put a new key there on a line above"
            " the old"
        ) from error
    return keys


def drop_old_keys(settings: WebSettings) -> None:
    """Forget all keys but the one that signs, and the one before."""
    path = _file(settings)
    if path is not None:
        replace_key_file(path, secret_keys(settings)[:MOST_KEYS])


def _file(settings: WebSettings) -> Path | None:
    """Where the keys are kept; None where they are in no file."""
    if named := file_given("WEB_SECRET_KEY"):
        return named
    return None if _given(settings) else settings.home / FILE_NAME


def _given(settings: WebSettings) -> str:
    return settings.web_secret_key.get_secret_value().strip() if settings.web_secret_key else ""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
