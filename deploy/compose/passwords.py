"""The passwords of a new installation: made once, each in a folder that its reader alone gets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from deploy.compose.definitions import OPERATOR, definitions
from deploy.compose.rights import SERVICES

VOLUMES = Path("/volumes/secrets")
# Read by images of others, which run as users of their own; nobody else mounts these folders.
OF_OTHERS = ("postgres", "rabbitmq", "grafana", "mail")
PASSWORD_BYTES = 24


def make_passwords(volumes: Path = VOLUMES) -> None:
    """Make every file that is not there yet; those that are stay as they are.

    Raises OSError where a folder is missing or cannot be written.
    """
    broker = {name: _made(volumes / "operator" / f"{name}.amqp") for name in (OPERATOR, *SERVICES)}
    for name in SERVICES:
        database = _made(volumes / "operator" / f"{name}.postgres")
        folder = volumes / name
        _write(folder / "database_url", f"postgresql://{name}:{database}@postgres/casewire")
        _write(folder / "amqp_uri", f"amqp://{name}:{broker[name]}@rabbitmq:5672/casewire")
    superuser = _made(volumes / "postgres" / "password")
    _write(
        volumes / "operator" / "database_url",
        f"postgresql://postgres:{superuser}@postgres/casewire",
    )
    _write(
        volumes / "operator" / "amqp_uri",
        f"amqp://{OPERATOR}:{broker[OPERATOR]}@rabbitmq:5672/casewire",
    )
    _write(volumes / "rabbitmq" / "definitions.json", definitions(broker))
    _made(volumes / "web" / "secret_key")
    _made(volumes / "web" / "admin_password")
    _made(volumes / "grafana" / "admin_password")
    password = _made(volumes / "mail" / "password")
    _write(volumes / "mailgw" / "mail_password", password)


def _made(path: Path) -> str:
    """The password in this file, which is made when it is not there."""
    if not path.exists():
        _write(path, secrets.token_urlsafe(PASSWORD_BYTES))
    return path.read_text(encoding="ascii")


def _write(path: Path, content: str) -> None:
    """Whole or not at all, readable by its owner, or by whoever gets this folder mounted."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    mode = 0o444 if path.parent.name in OF_OTHERS else 0o400
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(mode)  # whatever the umask
    beside.replace(path)
