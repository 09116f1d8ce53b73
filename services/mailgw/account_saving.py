"""Saving an account: what is wrong with it is told, and its secrets are encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select, text

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw import accounts
from services.mailgw.account_checks import check_fields, check_secrets
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

# Kept in columns of their own, or not at all.
_HAS = tuple(f"has_{name}" for name in SECRETS)
_NOT_IN_PAYLOAD = {"id", "name", "approved", *SECRETS, *_HAS}


def save_account(
    connection: Connection, vault: Vault, direction: Direction, fields: Mapping[str, Any]
) -> Account:
    """Add an account, or change the one whose `id` is given: only the fields given.

    A secret left out, or empty, stays. A changed way to the server has to be approved again.
    Raises InvalidRequest, NotFound.
    """
    wait_for_a_change_of_the_key(connection)
    table, _ = accounts.kind_of(direction)
    before = _before(connection, direction, str(fields.get("id") or ""))
    after = _merged(direction, before, fields)
    if any(
        a.name == after.name and a.id != after.id for a in accounts.every(connection, direction)
    ):
        raise InvalidRequest("name", f"another {direction} account has the name {after.name!r}")
    given = _secrets_given(after)
    _guard_secrets(before, after, given)
    check_secrets(given)
    if isinstance(after, IncomingAccount):
        _check_answered_by(connection, before, after)
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
        if isinstance(after, OutgoingAccount) and before.name != after.name:
            _follow_name(connection, before.name, after.name)
    return accounts.get(connection, direction, after.name)


def wait_for_a_change_of_the_key(connection: Connection) -> None:
    """Read nothing that is just being encrypted anew (rotate_key), and encrypt with the new key.

    SQLite lets nobody else write anyway.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(sorted((incoming_accounts.name, outgoing_accounts.name)))
        connection.execute(text(f"LOCK TABLE {names} IN ROW EXCLUSIVE MODE"))


def _before(connection: Connection, direction: str, account_id: str) -> Account | None:
    if not account_id:
        return None
    for account in accounts.every(connection, direction):
        if account.id == account_id:
            return account
    raise NotFound(f"{direction} account", account_id)


def _merged(direction: str, before: Account | None, fields: Mapping[str, Any]) -> Account:
    _, model = accounts.kind_of(direction)
    known = before.model_dump(exclude=set(SECRETS)) if before else {}
    try:
        merged = model.model_validate({**known, **fields})
    except ValidationError as error:
        # What was given stays out of the sentence: it may be a password.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "account"
        raise InvalidRequest(field, first["msg"].removeprefix("Value error, ")) from None
    check_fields(merged)
    if isinstance(merged, IncomingAccount):  # it follows from `answered_by`, whatever was given
        merged.new_case = merged.new_case.model_copy(update={"answer_from": ""})
    return merged


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


def _check_answered_by(
    connection: Connection, before: Account | None, after: IncomingAccount
) -> None:
    if not after.answered_by or after.answered_by == getattr(before, "answered_by", ""):
        return
    if all(one.name != after.answered_by for one in accounts.outgoing(connection)):
        raise InvalidRequest(
            "answered_by", f"there is no outgoing account {after.answered_by!r}: add it first"
        )


def _follow_name(connection: Connection, before: str, after: str) -> None:
    """The accounts answered by one that has a new name stay answered by it."""
    table = incoming_accounts
    for row in connection.execute(select(table.c.id, table.c.payload)).all():
        if row.payload.get("answered_by") == before:
            payload = {**row.payload, "answered_by": after}
            connection.execute(table.update().where(table.c.id == row.id).values(payload=payload))
