"""What an account signs in with: its password, or an access token that is got for it (OAuth2)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from services.mailgw import accounts
from services.mailgw.access_tokens import Grant, request_token
from services.mailgw.account_saving import wait_for_a_change_of_the_key
from services.mailgw.errors import NoToken
from services.mailgw.model.accounts import Account, IncomingAccount
from services.mailgw.tables import incoming_accounts, outgoing_accounts
from services.mailgw.vault import Vault
from services.runtime.database import Database

EARLY_SECONDS = 60.0  # a token is not begun with that ends so soon


@dataclass(frozen=True)
class _Kept:
    token: str
    until: float  # of time.monotonic()


class Credentials:
    """Gives what each account signs in with; access tokens are kept in memory until they end."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self._asking = threading.Lock()

    def of(self, account: Account) -> str:
        """The password or the access token. Raises NoToken, UnreadableKey."""
        if account.sign_in != "oauth2":
            with self._database.read() as connection:
                return accounts.password_of(connection, self._vault, account)
        kept = self._kept.get(_key(account))
        if kept is not None and kept.until > time.monotonic():
            return kept.token
        return self._ask(account)

    def refused(self, account: Account) -> None:
        """The server did not take it: the next token is a new one."""
        self._kept.pop(_key(account), None)

    def _ask(self, account: Account) -> str:
        with self._database.read() as connection:
            refresh_token = accounts.secret_of(connection, self._vault, account, "refresh_token")
            client_secret = accounts.secret_of(connection, self._vault, account, "client_secret")
        if not refresh_token:
            raise NoToken("the refresh token is missing: give it on the account")
        grant = Grant(account.token_url, account.client_id, account.scope)
        given = request_token(grant, refresh_token, client_secret)
        if given.refresh_token and given.refresh_token != refresh_token:
            self._keep_refresh_token(account, given.refresh_token)
        until = time.monotonic() + max(0.0, given.lasts_seconds - EARLY_SECONDS)
        self._kept[_key(account)] = _Kept(given.access_token, until)
        return given.access_token

    def _keep_refresh_token(self, account: Account, token: str) -> None:
        """The one before may be void now (RFC 6749 §6)."""
        is_incoming = isinstance(account, IncomingAccount)
        table = incoming_accounts if is_incoming else outgoing_accounts
        with self._asking, self._database.write() as connection:
            wait_for_a_change_of_the_key(connection)
            locked = self._vault.lock(token)
            where = table.c.id == account.id
            row = connection.execute(
                table.select().with_only_columns(table.c.secrets).where(where).with_for_update()
            ).first()
            if row is not None:
                secrets = {**row.secrets, "refresh_token": locked}
                connection.execute(table.update().where(where).values(secrets=secrets))


def _key(account: Account) -> tuple[str, ...]:
    return (account.id, account.token_url, account.client_id, account.scope, account.login)
