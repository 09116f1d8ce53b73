"""The keys that sign sessions and forms, and encrypt the secrets that we keep."""

from __future__ import annotations

import secrets

from services.runtime.key_file import make_key_file, replace_key_file
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
        make_key_file(path, secrets.token_hex(32))
    return _lines(path.read_text(encoding="ascii"))


def add_key(settings: WebSettings) -> tuple[str, ...]:
    """Put a new key on top and answer all. Raises KeyGiven where the key is a setting."""
    if settings.web_secret_key and settings.web_secret_key.get_secret_value().strip():
        raise KeyGiven(
            "the key is given by WEB_SECRET_KEY: put a new one there on a line above the old"
        )
    keys = (secrets.token_hex(32), *secret_keys(settings))
    replace_key_file(settings.home / FILE_NAME, keys)
    return keys


def drop_old_keys(settings: WebSettings) -> None:
    """Forget all keys but the one that signs, and the one before."""
    replace_key_file(settings.home / FILE_NAME, secret_keys(settings)[:MOST_KEYS])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
