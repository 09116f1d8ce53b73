"""The doors behind which mail accounts are looked at, changed, tried and approved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from services.contracts.errors import CROSSING, InvalidRequest
from services.mailgw import account_states, accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.check_account import check_account
from services.mailgw.credentials import Credentials
from services.mailgw.errors import GatewayError, UnreadableKey
from services.mailgw.model.accounts import Account, Direction
from services.mailgw.wiring import Wiring
from services.messaging.door import rpc

Json = dict[str, Any]
door = rpc(expected_exceptions=CROSSING)


class AccountDoors:
    """Mail accounts, for those who look after them. No door answers a secret."""

    wired: Wiring

    @door
    def list_incoming_accounts(self) -> list[Json]:
        """Every incoming account; `fares` is its line of account_states."""
        with self.wired.transactions.database.read() as connection:
            return _with_fares(connection, accounts.incoming(connection))

    @door
    def list_outgoing_accounts(self) -> list[Json]:
        """Every outgoing account; `fares` is its line of account_states."""
        with self.wired.transactions.database.read() as connection:
            return _with_fares(connection, accounts.outgoing(connection))

    @door
    def save_incoming_account(self, account: Json) -> Json:
        """Add an incoming account, or change the one with this `id`."""
        return self._save("incoming", account)

    @door
    def save_outgoing_account(self, account: Json) -> Json:
        """Add an outgoing account, or change the one with this `id`."""
        return self._save("outgoing", account)

    @door
    def approve_account(self, direction: Direction, name: str) -> Json:
        """Let an account be used."""
        return self._let(direction, name, used=True)

    @door
    def stop_account(self, direction: Direction, name: str) -> Json:
        """Let an account be used no longer, until it is approved again."""
        return self._let(direction, name, used=False)

    @door
    def delete_account(self, direction: Direction, name: str) -> None:
        """Remove an account; its mails stay."""
        with self.wired.transactions.begin() as transaction:
            accounts.delete(transaction.connection, direction, name)

    @door
    def test_account(self, direction: Direction, name: str) -> Json:
        """Try the account's server: {"ok": bool, "why": what is wrong, in words}."""
        database = self.wired.transactions.database
        with database.read() as connection:
            account = accounts.get(connection, direction, name)
        try:
            password = Credentials(database, self.wired.vault).of(account)
        except GatewayError as error:
            return {"ok": False, "why": str(error)}
        why = check_account(account, password)
        return {"ok": not why, "why": why}

    def _let(self, direction: Direction, name: str, *, used: bool) -> Json:
        with self.wired.transactions.begin() as transaction:
            account = accounts.approve(transaction.connection, direction, name, used=used)
        self.wired.queued.set()
        self.wired.standing.forget(account.id)
        return accounts.shown(account)

    def _save(self, direction: Direction, fields: Json) -> Json:
        try:
            with self.wired.transactions.begin() as transaction:
                saved = save_account(transaction.connection, self.wired.vault, direction, fields)
        except UnreadableKey as error:
            raise InvalidRequest("password", f"it cannot be stored: {error}") from error
        return accounts.shown(saved)


def _with_fares(connection: Connection, found: Sequence[Account]) -> list[Json]:
    fares = account_states.of_all(connection)
    return [{**accounts.shown(one), "fares": fares.get(one.id)} for one in found]
