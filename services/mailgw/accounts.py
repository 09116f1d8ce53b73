"""The accounts as stored: all SQL about them, and all handling of their passwords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, select

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw.model.accounts import (
    CONNECTION,
    Account,
    Direction,
    IncomingAccount,
    OutgoingAccount,
)
from services.mailgw.tables import incoming_accounts, outgoing_accounts
from services.mailgw.vault import Vault
from services.runtime.identity import new_id

_KINDS: dict[str, tuple[Table, type[IncomingAccount] | type[OutgoingAccount]]] = {
    "incoming": (incoming_accounts, IncomingAccount),
    "outgoing": (outgoing_accounts, OutgoingAccount),
}
# Kept in columns of their own, or not at all.
_NOT_IN_PAYLOAD = {"id", "name", "password", "has_password", "approved"}


def incoming(connection: Connection) -> list[IncomingAccount]:
    """All incoming accounts, oldest first, without their passwords."""
    return [a for a in _all(connection, "incoming") if isinstance(a, IncomingAccount)]


def outgoing(connection: Connection) -> list[OutgoingAccount]:
    """All outgoing accounts, oldest first, without their passwords."""
    return [a for a in _all(connection, "outgoing") if isinstance(a, OutgoingAccount)]


def own_addresses(accounts: Iterable[Account]) -> frozenset[str]:
    """The addresses, in lower case, of those that are approved."""
    return frozenset(a.address.lower() for a in accounts if a.approved and a.address)


def get(connection: Connection, direction: Direction, name: str) -> Account:
    """The account of that name, without its password. Raises NotFound."""
    for account in _all(connection, direction):
        if account.name == name:
            return account
    raise NotFound(f"{direction} account", name)


def password_of(connection: Connection, vault: Vault, account: Account) -> str:
    """The password, or an empty text when none is stored. Raises UnreadableKey."""
    table = incoming_accounts if isinstance(account, IncomingAccount) else outgoing_accounts
    question = select(table.c.password_encrypted).where(table.c.id == account.id)
    token = connection.scalar(question)
    return vault.unlock(token) if token else ""


def save(
    connection: Connection, vault: Vault, direction: Direction, fields: Mapping[str, Any]
) -> Account:
    """Add an account, or change the one whose `id` is given: only the fields given.

    A password left out, or empty, stays. A changed way to the server has to be approved again.
    Raises InvalidRequest, NotFound.
    """
    table, _ = _kind(direction)
    before = _before(connection, direction, str(fields.get("id") or ""))
    after = _merged(direction, before, fields)
    if any(a.name == after.name and a.id != after.id for a in _all(connection, direction)):
        raise InvalidRequest("name", f"another {direction} account has the name {after.name!r}")
    given = after.password.get_secret_value() if after.password else None
    _guard_password(before, after, given)
    row: dict[str, Any] = {
        "name": after.name,
        "payload": after.model_dump(mode="json", exclude=_NOT_IN_PAYLOAD),
        "approved": before is not None and before.approved and not _moved(before, after, given),
    }
    if given is not None:
        row["password_encrypted"] = vault.lock(given)
    if before is None:
        connection.execute(table.insert().values(id=new_id(), **row))
    else:
        connection.execute(table.update().where(table.c.id == before.id).values(**row))
    return get(connection, direction, after.name)


def approve(connection: Connection, direction: Direction, name: str) -> Account:
    """Let the account be used. Raises NotFound."""
    table, _ = _kind(direction)
    account = get(connection, direction, name)
    connection.execute(table.update().where(table.c.id == account.id).values(approved=True))
    return get(connection, direction, name)


def shown(account: Account) -> dict[str, Any]:
    """An account as callers see it: everything but the password."""
    return account.model_dump(mode="json", exclude={"password"})


def _kind(direction: str) -> tuple[Table, type[IncomingAccount] | type[OutgoingAccount]]:
    if direction not in _KINDS:
        raise InvalidRequest("direction", "give incoming or outgoing")
    return _KINDS[direction]


def _all(connection: Connection, direction: str) -> list[Account]:
    table, model = _kind(direction)
    return [
        model.model_validate(
            {
                **row["payload"],
                "id": row["id"],
                "name": row["name"],
                "has_password": bool(row["password_encrypted"]),
                "approved": row["approved"],
            }
        )
        for row in connection.execute(select(table).order_by(table.c.id)).mappings()
    ]


def _before(connection: Connection, direction: str, account_id: str) -> Account | None:
    if not account_id:
        return None
    for account in _all(connection, direction):
        if account.id == account_id:
            return account
    raise NotFound(f"{direction} account", account_id)


def _merged(direction: str, before: Account | None, fields: Mapping[str, Any]) -> Account:
    _, model = _kind(direction)
    known = before.model_dump(exclude={"password"}) if before else {}
    try:
        return model.model_validate({**known, **fields})
    except ValidationError as error:
        # What was given stays out of the sentence: it may be a password.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "account"
        raise InvalidRequest(field, first["msg"].removeprefix("Value error, ")) from None


def _moved(before: Account, after: Account, password: str | None) -> bool:
    return password is not None or any(
        getattr(before, name, None) != getattr(after, name, None) for name in CONNECTION
    )


def _guard_password(before: Account | None, after: Account, given: str | None) -> None:
    """A stored password must not be sent to a server that its owner did not give it for."""
    if before and before.has_password and given is None and before.server != after.server:
        raise InvalidRequest("password", "the server has changed: give the password again")
