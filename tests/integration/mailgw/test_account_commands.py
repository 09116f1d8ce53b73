"""M1, M2: accounts at the command line, and a new key for their secrets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest
import yaml
from support.dovecot import PASSWORD, DovecotServer

from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.rotate_key import rotate_key
from services.mailgw.credentials import Credentials
from services.mailgw.errors import UnreadableKey
from services.mailgw.tables import inbox, outbox
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.database import Database
from services.runtime.migration import migrate_database

ROOT = Path(__file__).parents[3]
SECRETS = {
    "password": PASSWORD,
    "client_secret": "Cl13nt-secret",
    "refresh_token": "R3fresh-token",
}
KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIP6ZklVD4bzE7yiTaNz7UJXlwiLRy30FrLTUecCIWcZY
-----END PRIVATE KEY-----
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def gateway(home: Path) -> Iterator[Transactions]:
    database = Database(f"sqlite:///{home / 'mailgw.sqlite3'}")
    migrate_database(database, "mailgw")
    yield Transactions(database, outbox, inbox)
    database.close()


@pytest.fixture
def run(home: Path) -> Run:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-m", "services.mailgw", *arguments],
            cwd=ROOT,
            env={**kept, "CASEWIRE_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return command


@pytest.fixture
def loaded(home: Path, gateway: Transactions, run: Run, dovecot: DovecotServer) -> Transactions:
    """An incoming account at the Dovecot and an outgoing one that signs, each secret in a file."""
    for name, secret in {**SECRETS, "dkim_key": KEY}.items():
        (home / name).write_text(f"{secret}\n")
    incoming = dovecot.account(**{f"{name}_file": name for name in SECRETS}, answered_by="out")
    outgoing = {"name": "out", "server": "smtp.invalid", "address": "help@company.example"}
    outgoing |= {"dkim_selector": "s1", "dkim_key_file": "dkim_key"}
    text = yaml.safe_dump({"incoming": [incoming], "outgoing": [outgoing]})
    (home / "accounts.yaml").write_text(text)
    done = run("load", str(home / "accounts.yaml"))
    assert done.returncode == 0, done.stderr
    return gateway


def kept(gateway: Transactions, vault: Vault) -> dict[str, str]:
    """Every secret as it can be read with the vault."""
    with gateway.database.read() as connection:
        (support,), (out,) = accounts.incoming(connection), accounts.outgoing(connection)
        found = {n: accounts.secret_of(connection, vault, support, n) for n in SECRETS}
        return found | {"dkim_key": accounts.secret_of(connection, vault, out, "dkim_key")}


def test_M2_accounts_are_listed_shown_tried_fetched_and_switched_off(
    loaded: Transactions, run: Run, dovecot: DovecotServer
) -> None:
    dovecot.append(b"From: ann@customer.example\r\nSubject: Printer\r\n\r\nIt is broken.\r\n")
    assert "the connection works" in run("accounts", "test", "support").stdout
    assert run("accounts", "fetch", "support").stdout == "1 new mail\n"
    listed = run("accounts", "list").stdout
    assert "incoming support: imap 127.0.0.1" in listed and "1 mails, last success" in listed
    shown = run("accounts", "show", "support").stdout
    assert yaml.safe_load(shown)["incoming"][0]["answered_by"] == "out"
    assert "kept encrypted: password, client_secret, refresh_token" in shown
    tried = run("accounts", "test", "out")
    assert tried.returncode == os.EX_DATAERR and "no such name" in tried.stderr
    assert run("accounts", "stop", "out").returncode == 0
    assert "(not approved)" in run("accounts", "list").stdout
    refused = run("accounts", "fetch", "nobody")
    assert refused.returncode == os.EX_DATAERR and "no account nobody" in refused.stderr
    said = listed + shown + tried.stderr
    assert not any(secret in said for secret in (*SECRETS.values(), "MC4CAQ"))


def test_M2_a_new_key_opens_every_secret_and_the_old_one_none(
    loaded: Transactions, run: Run, home: Path
) -> None:
    path = home / "mailgw.key"
    before, old = kept(loaded, Vault(path)), path.read_text()
    done = run("rotate-key")
    assert done.stdout == "4 secrets encrypted anew, the old key is gone\n", done.stderr
    assert old.strip() not in path.read_text() and len(path.read_text().split()) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept(loaded, Vault(path)) == before == {**SECRETS, "dkim_key": KEY.rstrip()}
    path.write_text(old)
    with pytest.raises(UnreadableKey):
        kept(loaded, Vault(path))


class _Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("step", ["add_key", "renewed", "keep_first_key"])
def test_M2_a_change_of_keys_that_was_killed_is_run_again(
    loaded: Transactions, home: Path, step: str
) -> None:
    path = home / "mailgw.key"
    before = kept(loaded, Vault(path))
    dying = Vault(path)

    def die(*_arguments: object) -> None:
        if step == "add_key":  # behind it
            Vault(path).add_key()
        raise _Killed

    setattr(dying, step, die)
    with pytest.raises(_Killed):
        rotate_key(loaded, dying)
    assert kept(loaded, Vault(path)) == before
    assert rotate_key(loaded, Vault(path)) == 4
    assert len(path.read_text().split()) == 1 and kept(loaded, Vault(path)) == before


def test_M2_a_secret_that_no_key_opens_stops_the_change_and_no_key_is_dropped(
    loaded: Transactions, run: Run, home: Path
) -> None:
    path = home / "mailgw.key"
    old = path.read_text()
    path.unlink()
    Vault(path).lock("anything")
    done = run("rotate-key")
    assert done.returncode == os.EX_DATAERR and "opens this password" in done.stderr
    assert len(path.read_text().split()) == 2
    path.write_text(path.read_text() + old)
    assert run("rotate-key").returncode == 0


def test_M2_keys_are_changed_on_either_database_as_often_as_wanted(
    transactions: Transactions, vault: Vault
) -> None:
    fields = {"name": "a", "server": "imap.company.example", "password": "first"}
    with transactions.database.write() as connection:
        save_account(connection, vault, "incoming", fields)
    assert rotate_key(transactions, vault) == 1
    with transactions.database.write() as connection:
        save_account(connection, vault, "incoming", {**fields, "name": "b", "password": "second"})
    assert rotate_key(transactions, vault) == 2
    with transactions.database.read() as connection:
        found = [accounts.password_of(connection, vault, a) for a in accounts.incoming(connection)]
    assert found == ["first", "second"]


class _Slow(Vault):
    """Encrypts, and then takes its time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.has_begun, self.may_go_on = Event(), Event()

    def lock(self, secret: str) -> str:
        token = super().lock(secret)
        self.has_begun.set()
        self.may_go_on.wait(20)
        return token


def test_M2_what_is_just_being_saved_while_the_key_changes_is_not_lost(
    transactions: Transactions, vault: Vault, tmp_path: Path
) -> None:
    """It was encrypted with the old key, and is written when the accounts were looked through."""
    fields = {"name": "a", "server": "imap.company.example", "password": "first"}
    with transactions.database.write() as connection:
        saved = save_account(connection, vault, "incoming", fields)
    slow = _Slow(vault._path)

    def save() -> None:
        with transactions.database.write() as connection:
            save_account(connection, slow, "incoming", {"id": saved.id, "password": "second"})

    with ThreadPoolExecutor(2) as workers:
        saving = workers.submit(save)
        assert slow.has_begun.wait(20)
        changing = workers.submit(rotate_key, transactions, vault)
        wait([changing], timeout=1)
        slow.may_go_on.set()
        saving.result(20)
        changing.result(20)
    with transactions.database.read() as connection:
        (account,) = accounts.incoming(connection)
        assert accounts.password_of(connection, vault, account) == "second"


def test_M2_a_token_renewed_while_the_key_changes_is_not_lost(
    transactions: Transactions, vault: Vault
) -> None:
    """The server has ended the one before: a new token that nobody can read ends the account."""
    fields = {
        "name": "a",
        "server": "imap.company.example",
        "sign_in": "oauth2",
        "token_url": "https://t.example/token",
        "client_id": "c",
        "login": "x",
        "refresh_token": "first",
        "client_secret": "s",
    }
    with transactions.database.write() as connection:
        saved = save_account(connection, vault, "incoming", fields)
    slow = _Slow(vault._path)
    credentials = Credentials(transactions.database, slow)
    with ThreadPoolExecutor(2) as workers:
        keeping = workers.submit(credentials._keep_refresh_token, saved, "second")
        assert slow.has_begun.wait(20)
        changing = workers.submit(rotate_key, transactions, vault)
        wait([changing], timeout=1)
        slow.may_go_on.set()
        keeping.result(20)
        changing.result(20)
    with transactions.database.read() as connection:
        (account,) = accounts.incoming(connection)
        assert accounts.secret_of(connection, vault, account, "refresh_token") == "second"
