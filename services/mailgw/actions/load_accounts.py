"""Accounts from a YAML file: saved and approved in one commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.model.accounts import SECRETS, Direction
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions

DIRECTIONS: tuple[Direction, ...] = ("incoming", "outgoing")


def load_accounts(transactions: Transactions, vault: Vault, path: Path) -> int:
    """Save and approve all accounts in the file; the number of them.

    The file holds `incoming:` and `outgoing:`, lists of accounts with the fields of
    model/accounts.py; `password_file` names a file (relative to this one) with the password, and
    so each other secret: `client_secret_file`, `refresh_token_file`, `dkim_key_file`.
    An account of the same name is changed. Raises InvalidRequest.
    """
    lists = _read(path)
    with transactions.begin() as transaction:
        for direction in reversed(DIRECTIONS):  # an incoming one may name what answers
            for fields in lists.get(direction) or []:
                _load(transaction.connection, vault, direction, _with_secrets(fields, path))
    return sum(len(lists.get(direction) or []) for direction in DIRECTIONS)


def _read(path: Path) -> Mapping[str, list[Any]]:
    try:
        lists = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        # Its problem, not its lines: they may hold passwords.
        problem = getattr(error, "problem", None) or getattr(error, "strerror", None)
        raise InvalidRequest(str(path), f"cannot be read: {problem or 'no text'}") from None
    unknown = set(lists) - set(DIRECTIONS) if isinstance(lists, dict) else {"a list"}
    if unknown or not all(isinstance(one, list | None) for one in lists.values()):
        raise InvalidRequest(str(path), "give lists called incoming and outgoing, nothing else")
    return lists


def _with_secrets(fields: Any, path: Path) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise InvalidRequest(str(path), "each account is a list of fields and values")
    taken: dict[str, Any] = dict(fields)
    for secret in SECRETS:
        field = f"{secret}_file"
        name = taken.pop(field, None)
        if name is None:
            continue
        try:
            text = (path.parent / str(name)).read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            told = getattr(error, "strerror", None) or "it is no text"
            raise InvalidRequest(field, f"{name} cannot be read: {told}") from None
        taken[secret] = text.rstrip("\r\n")
    return taken


def _load(
    connection: Connection, vault: Vault, direction: Direction, fields: dict[str, Any]
) -> None:
    fields.pop("id", None)
    try:
        fields["id"] = accounts.get(connection, direction, str(fields.get("name"))).id
    except NotFound:
        fields["id"] = ""
    saved = save_account(connection, vault, direction, fields)
    accounts.approve(connection, direction, saved.name)
