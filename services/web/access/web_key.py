"""The key that signs sessions and forms."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from services.web.settings import WebSettings

FILE_NAME = "web.key"


def secret_key(settings: WebSettings) -> str:
    """WEB_SECRET_KEY, or the key kept in `web.key`, which is made when it is not there.

    Several gateways behind one address need the same key, or each would sign the others'
    users out.
    """
    if settings.web_secret_key is not None and settings.web_secret_key.get_secret_value():
        return settings.web_secret_key.get_secret_value()
    path = settings.home / FILE_NAME
    if not path.exists():
        _write_new(path)
    return path.read_text(encoding="ascii").strip()


def _write_new(path: Path) -> None:
    """Make the file whole before it has its name, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return  # another process was first; its key is the one
    finally:
        unfinished.unlink()
