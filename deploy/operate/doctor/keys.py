"""The keys: there, readable by their owner alone, and fitting what was locked with them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select

from deploy.operate.doctor.finding import Finding, ok, wrong
from deploy.operate.installation import database_of
from services.mailgw.errors import UnreadableKey
from services.mailgw.tables import incoming_accounts, outgoing_accounts
from services.mailgw.vault import Vault
from services.mailgw.wiring import mail_key_file
from services.runtime.settings import Settings
from services.web.access.web_key import FILE_NAME
from services.web.settings import WebSettings


def check_keys(settings: WebSettings, usable: Sequence[str]) -> Iterator[Finding]:
    """The key of the mail passwords, and the one that signs sessions."""
    tokens = _locked(settings) if "mailgw" in usable else []
    yield _mail_key(mail_key_file(settings), tokens)
    given = settings.web_secret_key
    if given is not None and given.get_secret_value():
        yield ok("web key", "WEB_SECRET_KEY is set")
        return
    yield _file("web key", settings.home / FILE_NAME, "the web service makes it when it starts")


def _locked(settings: Settings) -> list[str]:
    with database_of(settings, "mailgw") as database, database.read() as connection:
        tables = (incoming_accounts, outgoing_accounts)
        rows = [row for table in tables for row in connection.scalars(select(table.c.secrets))]
    return [token for row in rows for token in row.values()]


def _mail_key(path: Path, tokens: list[str]) -> Finding:
    check = "key of the mail passwords"
    if not tokens and not path.exists():
        return ok(check, "there is none yet: no password is stored")
    found = _file(check, path, "put the key back that the passwords were stored with")
    if found.level != "ok":
        return found
    vault = Vault(path)
    try:
        for token in tokens:
            vault.unlock(token)
    except UnreadableKey as error:
        return wrong(check, str(error), "put the right key back, or give the passwords again")
    return ok(check, f"it opens all {len(tokens)} stored secrets")


def _file(check: str, path: Path, cure: str) -> Finding:
    if not path.exists():
        return wrong(check, f"there is no file {path}", cure)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return wrong(check, f"others may use {path} (mode {mode:o})", f"chmod 600 {path}")
    return ok(check, f"{path} is its owner's alone")
