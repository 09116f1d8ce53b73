"""Passwords set from the command line: the administrator's first, and new ones for anybody."""

from __future__ import annotations

import getpass
import secrets
import sys

from services.contracts.errors import NotFound, ServiceAway
from services.messaging.rpc_client import RpcClient
from services.runtime.clock import now
from services.runtime.database import Database, open_database
from services.web.access.credentials import (
    find_credential,
    find_credential_by_login,
    save_credential,
)
from services.web.access.password_rules import unfit
from services.web.access.passwords import hash_password
from services.web.clients.directory import DirectoryClient
from services.web.settings import WebSettings

ADMIN_ID, ADMIN_LOGIN = 1, "admin"  # made by the first migration of cases


def create_admin(settings: WebSettings) -> int:
    """Give the administrator a password and print both, once; say nothing when he has one."""
    database = open_database(settings, "web")
    try:
        with database.read() as connection:
            if find_credential(connection, ADMIN_ID) is not None:
                return 0
        given = settings.casewire_admin_password
        password = given.get_secret_value() if given else secrets.token_urlsafe(12)
        complaint = unfit(password, ADMIN_LOGIN)
        if complaint:
            print(f"CASEWIRE_ADMIN_PASSWORD {complaint}", file=sys.stderr)
            return 1
        _save(database, ADMIN_ID, ADMIN_LOGIN, password)
    finally:
        database.close()
    print(f"name: {ADMIN_LOGIN}\npassword: {password}")
    return 0


def ask_and_set(settings: WebSettings, login: str) -> int:
    """Set a user's password to what is typed, or to the one line of standard input."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password for {login}: ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    complaint = unfit(password, login)
    if complaint:
        print(f"the password {complaint}", file=sys.stderr)
        return 1
    database = open_database(settings, "web")
    try:
        return _set(settings, database, login, password)
    finally:
        database.close()


def _set(settings: WebSettings, database: Database, login: str, password: str) -> int:
    try:
        user_id = _user_id(settings, database, login)
    except NotFound:
        print(f"there is no user {login!r}", file=sys.stderr)
        return 1
    except ServiceAway as error:
        print(f"{error}; a first password can be set only while cases runs", file=sys.stderr)
        return 1
    _save(database, user_id, login, password)
    return 0


def _user_id(settings: WebSettings, database: Database, login: str) -> int:
    """From our own credentials where possible: a lost password must not need the bus."""
    with database.read() as connection:
        known = find_credential_by_login(connection, login)
    if known is not None:
        return known.user_id
    rpc = RpcClient(settings.amqp_uri, settings.rpc_timeout_seconds)
    try:
        return DirectoryClient(rpc).user_by_login(login).id
    finally:
        rpc.close()


def _save(database: Database, user_id: int, login: str, password: str) -> None:
    new_hash = hash_password(password)
    with database.write() as connection:
        save_credential(connection, user_id, login, new_hash, now())
