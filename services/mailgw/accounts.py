"""The accounts as stored: all SQL that reads them, their approval and their end.

How they are saved is in account_saving.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, select

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw.model.accounts import (
    SECRETS,
    Account,
    Direction,
    IncomingAccount,
    OutgoingAccount,
)
from services.mailgw.tables import (
    account_states,
    fetched_mails,
    incoming_accounts,
    outgoing_accounts,
)
from services.mailgw.vault import Vault

_KINDS: dict[str, tuple[Table, type[IncomingAccount] | type[OutgoingAccount]]] = {
    "incoming": (incoming_accounts, IncomingAccount),
    "outgoing": (outgoing_accounts, OutgoingAccount),
}


def incoming(connection: Connection) -> list[IncomingAccount]:
    """All incoming accounts, oldest first, without their passwords."""
    return [a for a in every(connection, "incoming") if isinstance(a, IncomingAccount)]


def outgoing(connection: Connection) -> list[OutgoingAccount]:
    """All outgoing accounts, oldest first, without their passwords."""
    return [a for a in every(connection, "outgoing") if isinstance(a, OutgoingAccount)]


def answering(connection: Connection) -> list[IncomingAccount]:
    """All incoming accounts, each with the address of the account that answers (`answer_from`)."""
    addresses = {one.name: one.address for one in outgoing(connection)}
    found = []
    for account in incoming(connection):
        answer_from = addresses.get(account.answered_by, "")
        new_case = account.new_case.model_copy(update={"answer_from": answer_from})
        found.append(account.model_copy(update={"new_case": new_case}))
    return found


def own_addresses(accounts: Iterable[Account]) -> frozenset[str]:
    """The addresses, in lower case, of those that are approved."""
    return frozenset(a.address.lower() for a in accounts if a.approved and a.address)


def get(connection: Connection, direction: Direction, name: str) -> Account:
    """The account of that name, without its password. Raises NotFound."""
    for account in every(connection, direction):
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


def approve(
    connection: Connection, direction: Direction, name: str, *, used: bool = True
) -> Account:
    """Let the account be used, or no longer. Raises NotFound."""
    table, _ = kind_of(direction)
    account = get(connection, direction, name)
    connection.execute(table.update().where(table.c.id == account.id).values(approved=used))
    return get(connection, direction, name)


def delete(connection: Connection, direction: Direction, name: str) -> None:
    """Remove the account with its secrets; the mails that came by it stay.

    Raises NotFound, and InvalidRequest while an incoming account is answered by it.
    """
    table, _ = kind_of(direction)
    account = get(connection, direction, name)
    if direction == "outgoing":
        named = [one.name for one in incoming(connection) if one.answered_by == name]
        if named:
            told = ", ".join(named)
            raise InvalidRequest(
                "name", f"{told} is answered by it: choose another one there first"
            )
    connection.execute(table.delete().where(table.c.id == account.id))
    for beside in (account_states, fetched_mails):
        connection.execute(beside.delete().where(beside.c.account_id == account.id))


def shown(account: Account) -> dict[str, Any]:
    """An account as callers see it: everything but its secrets."""
    return account.model_dump(mode="json", exclude=set(SECRETS))


def kind_of(direction: str) -> tuple[Table, type[IncomingAccount] | type[OutgoingAccount]]:
    """The table and the model of a direction. Raises InvalidRequest."""
    if direction not in _KINDS:
        raise InvalidRequest("direction", "give incoming or outgoing")
    return _KINDS[direction]


def every(connection: Connection, direction: str) -> list[Account]:
    """All accounts of a direction, oldest first, without their secrets."""
    table, model = kind_of(direction)
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
