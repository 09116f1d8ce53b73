"""Saving a user together with the password that only the gateway keeps."""

from __future__ import annotations

from typing import Any

from services.contracts.directory import SaveUser, User
from services.runtime.clock import now
from services.web.access.asking import Origin
from services.web.access.credentials import rename_credential, save_credential
from services.web.access.passwords import hash_password
from services.web.wiring import Wiring


def save_user(
    wiring: Wiring,
    origin: Origin,
    fields: dict[str, Any],
    password: str | None,
    *,
    id: int | None = None,
    version: int | None = None,
) -> User:
    """Add or change a user, and set his password when one is given.

    `fields` are those of contracts' User, JSON-able. Raises what cases answers.
    """
    user = wiring.directory.save_user(SaveUser(**origin, id=id, version=version, fields=fields))
    new_hash = hash_password(password) if password else None
    with wiring.database.write() as connection:
        if new_hash is not None:
            save_credential(connection, user.id, user.login, new_hash, now())
        else:
            rename_credential(connection, user.id, user.login)
    return user
