"""Commands by which an operator looks at accounts, tries them and lets them be used."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import Connection

from services.contracts.errors import ContractError, InvalidRequest, NotFound
from services.mailgw import account_states, accounts
from services.mailgw.actions.check_account import check_account
from services.mailgw.actions.load_accounts import DIRECTIONS
from services.mailgw.actions.rotate_key import rotate_key
from services.mailgw.credentials import Credentials
from services.mailgw.errors import GatewayError
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.standing import Standing
from services.mailgw.mail_commands import plain
from services.mailgw.model.accounts import Account, Direction, IncomingAccount
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.mailgw.wiring import vault_of
from services.messaging.transaction import Transactions
from services.runtime.database import open_database
from services.runtime.settings import Settings

NOT_TO_LOAD = {"id", "approved"}


@dataclass(frozen=True)
class _Office:
    """What the commands work with."""

    transactions: Transactions
    vault: Vault
    settings: Settings


def run(chosen: argparse.Namespace) -> int:
    """Run one command; 0, or 65 with a sentence when it cannot be done."""
    settings = Settings.load()
    transactions = Transactions(open_database(settings, "mailgw"), outbox, inbox)
    office = _Office(transactions, vault_of(settings), settings)
    try:
        if chosen.command == "rotate-key":
            count = rotate_key(transactions, office.vault)
            print(f"{count} secret{'' if count == 1 else 's'} encrypted anew, the old key is gone")
        else:
            COMMANDS[chosen.act](office, chosen)
    except (ContractError, GatewayError) as error:
        print(f"{chosen.command}: {plain(str(error))}", file=sys.stderr)
        return os.EX_DATAERR
    finally:
        transactions.database.close()
    return 0


def _list(office: _Office, _chosen: argparse.Namespace) -> None:
    with office.transactions.database.read() as connection:
        fares = account_states.of_all(connection)
        for direction in DIRECTIONS:
            for account in accounts.every(connection, direction):
                print(_line(direction, account))
                if account.id in fares:
                    print(f"  {plain(_fares(fares[account.id]))}")


def _show(office: _Office, chosen: argparse.Namespace) -> None:
    """As `load` takes it, but for the secrets."""
    with office.transactions.database.read() as connection:
        direction, account = _named(connection, chosen)
    fields = {
        name: value
        for name, value in accounts.shown(account).items()
        if name not in NOT_TO_LOAD and not name.startswith("has_")
    }
    fields.get("new_case", {}).pop("answer_from", None)
    text = yaml.safe_dump({direction: [fields]}, sort_keys=False, allow_unicode=False)
    print(text, end="")
    kept = [
        name[4:] for name, value in accounts.shown(account).items() if value and name[:4] == "has_"
    ]
    print(f"# kept encrypted: {', '.join(kept) or 'nothing'}")


def _test(office: _Office, chosen: argparse.Namespace) -> None:
    database = office.transactions.database
    with database.read() as connection:
        _, account = _named(connection, chosen)
    why = check_account(account, Credentials(database, office.vault).of(account))
    if why:
        raise InvalidRequest(account.name, why)
    print("the connection works")


def _let(used: bool) -> Callable[[_Office, argparse.Namespace], None]:
    def carry_out(office: _Office, chosen: argparse.Namespace) -> None:
        with office.transactions.begin() as transaction:
            direction, account = _named(transaction.connection, chosen)
            accounts.approve(transaction.connection, direction, account.name, used=used)
        print("it is used from now on" if used else "it is used no longer")

    return carry_out


def _fetch(office: _Office, chosen: argparse.Namespace) -> None:
    database = office.transactions.database
    with database.read() as connection:
        _, account = _named(connection, chosen)
    if not (isinstance(account, IncomingAccount) and account.is_fetched and account.approved):
        raise InvalidRequest("name", f"{account.name} is no approved account with a mailbox")
    standing = Standing(database, office.settings.fetch_interval_seconds / 2)
    fetcher = Fetcher(office.transactions, office.vault, lambda: None, standing)
    try:
        taken = fetcher.fetch(account)
    finally:
        fetcher.close()
    print(f"{taken.new} new mail{'' if taken.new == 1 else 's'}")
    if taken.trouble:
        print(plain(taken.trouble), file=sys.stderr)


COMMANDS: dict[str, Callable[[_Office, argparse.Namespace], None]] = {
    "list": _list,
    "show": _show,
    "test": _test,
    "approve": _let(True),
    "stop": _let(False),
    "fetch": _fetch,
}


def _named(connection: Connection, chosen: argparse.Namespace) -> tuple[Direction, Account]:
    wanted = [
        one
        for one in DIRECTIONS
        if not getattr(chosen, "direction", None) or one == chosen.direction
    ]
    found: list[tuple[Direction, Account]] = [
        (direction, account)
        for direction in wanted
        for account in accounts.every(connection, direction)
        if account.name == chosen.name
    ]
    if not found:
        raise NotFound("account", chosen.name)
    if len(found) > 1:
        raise InvalidRequest(
            "name", "an incoming and an outgoing account have it: say which by --direction"
        )
    return found[0]


def _line(direction: str, account: Account) -> str:
    used = "in use" if account.approved else "not approved"
    spoken = account.protocol if isinstance(account, IncomingAccount) else "smtp"
    where = f" {account.server}:{account.port} {account.security}" if account.server else ""
    told = plain(f"{account.name}: {spoken}{where} {account.address}")
    return f"{direction} {told} ({used})"


def _fares(fares: dict[str, Any]) -> str:
    parts = [f"{fares['passed']} mails"]
    if fares["last_success_at"]:
        parts.append(f"last success {fares['last_success_at'][:16]}")
    if fares["last_error_at"]:
        last = f"the last {fares['last_error_at'][:16]}: {fares['last_error']}"
        parts.append(f"{fares['failures']} failures, {last}")
    return ", ".join(parts)
