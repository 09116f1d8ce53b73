"""Saving a user together with the password that only the gateway keeps."""

from __future__ import annotations

from typing import Any

from services.contracts.directory import SaveUser, User
from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.web.access.asking import Origin
from services.web.access.credentials import rename_credential, save_credential
from services.web.access.password_rules import unfit
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

    `fields` are those of contracts' User, JSON-able. Raises what cases answers, and
    InvalidRequest for a password that will not do.
    """
    if password:
        _check_password(wiring, password, fields, id)
    user = wiring.directory.save_user(SaveUser(**origin, id=id, version=version, fields=fields))
    new_hash = hash_password(password) if password else None
    with wiring.database.write() as connection:
        if new_hash is not None:
            save_credential(connection, user.id, user.login, new_hash, now())
        else:
            rename_credential(connection, user.id, user.login)
    return user


def _check_password(wiring: Wiring, password: str, fields: dict[str, Any], id: int | None) -> None:
    before = wiring.directory.user(id).model_dump() if id is not None else {}
    known = {**before, **fields}
    names = [str(known.get(field) or "") for field in ("login", "name", "address")]
    wrong = unfit(password, *names)
    if wrong:
        raise InvalidRequest("password", f"this password {wrong}")
