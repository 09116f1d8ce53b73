"""The accounts as stored: all SQL about them, and all handling of their secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, select

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw.model.accounts import (
    CONNECTION,
    SECRETS,
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
_HAS = tuple(f"has_{name}" for name in SECRETS)
_NOT_IN_PAYLOAD = {"id", "name", "approved", *SECRETS, *_HAS}


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
    return secret_of(connection, vault, account, "password")


def secret_of(connection: Connection, vault: Vault, account: Account, name: str) -> str:
    """One of SECRETS, or an empty text when it is not stored. Raises UnreadableKey."""
    table = incoming_accounts if isinstance(account, IncomingAccount) else outgoing_accounts
    question = select(table.c.secrets).where(table.c.id == account.id)
    token = (connection.scalar(question) or {}).get(name)
    return vault.unlock(token) if token else ""


def save(
    connection: Connection, vault: Vault, direction: Direction, fields: Mapping[str, Any]
) -> Account:
    """Add an account, or change the one whose `id` is given: only the fields given.

    A secret left out, or empty, stays. A changed way to the server has to be approved again.
    Raises InvalidRequest, NotFound.
    """
    table, _ = _kind(direction)
    before = _before(connection, direction, str(fields.get("id") or ""))
    after = _merged(direction, before, fields)
    if any(a.name == after.name and a.id != after.id for a in _all(connection, direction)):
        raise InvalidRequest("name", f"another {direction} account has the name {after.name!r}")
    given = _secrets_given(after)
    _guard_secrets(before, after, given)
    row: dict[str, Any] = {
        "name": after.name,
        "payload": after.model_dump(mode="json", exclude=_NOT_IN_PAYLOAD),
        "approved": before is not None and before.approved and not _moved(before, after, given),
    }
    locked = {name: vault.lock(secret) for name, secret in given.items()}
    if before is None:
        connection.execute(table.insert().values(id=new_id(), secrets=locked, **row))
    else:
        kept = connection.scalar(select(table.c.secrets).where(table.c.id == before.id)) or {}
        row["secrets"] = {**kept, **locked}
        connection.execute(table.update().where(table.c.id == before.id).values(**row))
    return get(connection, direction, after.name)


def approve(connection: Connection, direction: Direction, name: str) -> Account:
    """Let the account be used. Raises NotFound."""
    table, _ = _kind(direction)
    account = get(connection, direction, name)
    connection.execute(table.update().where(table.c.id == account.id).values(approved=True))
    return get(connection, direction, name)


def shown(account: Account) -> dict[str, Any]:
    """An account as callers see it: everything but its secrets."""
    return account.model_dump(mode="json", exclude=set(SECRETS))


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
                **{f"has_{name}": True for name in row["secrets"]},
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
    known = before.model_dump(exclude=set(SECRETS)) if before else {}
    try:
        return model.model_validate({**known, **fields})
    except ValidationError as error:
        # What was given stays out of the sentence: it may be a password.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "account"
        raise InvalidRequest(field, first["msg"].removeprefix("Value error, ")) from None


def _secrets_given(account: Account) -> dict[str, str]:
    found = {name: getattr(account, name, None) for name in SECRETS}
    return {name: secret.get_secret_value() for name, secret in found.items() if secret}


def _moved(before: Account, after: Account, given: Mapping[str, str]) -> bool:
    return bool(given.keys() - {"dkim_key"}) or any(
        getattr(before, name, None) != getattr(after, name, None) for name in CONNECTION
    )


def _guard_secrets(before: Account | None, after: Account, given: Mapping[str, str]) -> None:
    """A stored secret must not be sent to a server that its owner did not give it for."""
    if before is None:
        return
    sent_to = {
        "password": "server",
        "client_secret": "token_url",
        "refresh_token": "token_url",
    }
    for secret, place in sent_to.items():
        kept = getattr(before, f"has_{secret}") and secret not in given
        if kept and getattr(before, place) != getattr(after, place):
            told = "server" if place == "server" else "address that gives tokens"
            raise InvalidRequest(secret, f"the {told} has changed: give the {secret} again")
