"""Accounts: passwords encrypted at rest and never shown, use only behind approval (M1, M2)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.errors import UnreadableKey
from services.mailgw.tables import incoming_accounts
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.database import Database

SECRET = "S3cr3t·pässword"
INCOMING = {
    "name": "support",
    "server": "imap.company.example",
    "login": "support",
    "password": SECRET,
    "address": "support@company.example",
}
OUTGOING = {"name": "out", "server": "smtp.company.example", "address": "Support@company.example"}


@pytest.fixture
def gateway(transactions: Transactions) -> Database:
    return transactions.database


def test_M2_a_password_is_encrypted_at_rest_and_never_shown(
    gateway: Database, vault: Vault
) -> None:
    with gateway.write() as connection:
        saved = save_account(connection, vault, "incoming", INCOMING)
        row = dict(connection.execute(select(incoming_accounts)).mappings().one())
        assert accounts.password_of(connection, vault, saved) == SECRET
    shown = accounts.shown(saved)
    assert shown["has_password"] is True and "password" not in shown
    assert shown["port"] == 993
    assert SECRET not in repr(row) and SECRET not in repr(shown) and SECRET not in repr(saved)


def test_M2_a_password_left_out_or_empty_stays(gateway: Database, vault: Vault) -> None:
    with gateway.write() as connection:
        saved = save_account(connection, vault, "incoming", INCOMING)
        changed = save_account(
            connection, vault, "incoming", {"id": saved.id, "folder": "Work", "has_password": True}
        )
        assert changed.name == "support" and changed.model_dump()["folder"] == "Work"
        assert accounts.password_of(connection, vault, changed) == SECRET
        blank = save_account(connection, vault, "incoming", {"id": saved.id, "password": ""})
        assert accounts.password_of(connection, vault, blank) == SECRET


def test_M2_a_password_does_not_go_to_another_server(gateway: Database, vault: Vault) -> None:
    with gateway.write() as connection:
        saved = save_account(connection, vault, "incoming", INCOMING)
        move = {"id": saved.id, "server": "imap.elsewhere.example"}
        with pytest.raises(InvalidRequest, match="give the password again"):
            save_account(connection, vault, "incoming", move)
        moved = save_account(connection, vault, "incoming", {**move, "password": "new"})
        assert accounts.password_of(connection, vault, moved) == "new"


def test_M1_an_account_counts_only_once_approved_and_again_after_a_move(
    gateway: Database, vault: Vault
) -> None:
    with gateway.write() as connection:
        saved = save_account(connection, vault, "outgoing", {**OUTGOING, "approved": True})
        assert not saved.approved
        assert accounts.own_addresses(accounts.outgoing(connection)) == frozenset()
        approved = accounts.approve(connection, "outgoing", "out")
        assert accounts.own_addresses([approved]) == {"support@company.example"}
        renamed = save_account(connection, vault, "outgoing", {"id": saved.id, "name": "main"})
        assert renamed.approved
        moved = save_account(connection, vault, "outgoing", {"id": saved.id, "port": 2525})
        assert not moved.approved


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"server": "x.example"}, "name"),
        ({"name": "x", "server": ""}, "account"),
        ({**INCOMING, "port": 70_000}, "port"),
        ({**INCOMING, "pasword": SECRET}, "pasword"),
        ({**INCOMING, "password": [SECRET]}, "password"),
    ],
)
def test_M2_a_wrong_field_is_named_and_its_value_is_not_repeated(
    gateway: Database, vault: Vault, fields: dict[str, object], field: str
) -> None:
    with gateway.write() as connection, pytest.raises(InvalidRequest) as raised:
        save_account(connection, vault, "incoming", fields)
    assert raised.value.field == field
    assert SECRET not in str(raised.value)


def test_M2_names_are_unique_and_unknown_ones_are_told(gateway: Database, vault: Vault) -> None:
    with gateway.write() as connection:
        save_account(connection, vault, "incoming", INCOMING)
        with pytest.raises(InvalidRequest, match="another incoming account"):
            save_account(connection, vault, "incoming", INCOMING)
        with pytest.raises(NotFound, match="no incoming account nobody"):
            accounts.approve(connection, "incoming", "nobody")
        with pytest.raises(NotFound):
            save_account(connection, vault, "incoming", {**INCOMING, "id": "none"})


def test_M2_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "mailgw.key"
    token = Vault(path).lock(SECRET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_bytes()
    assert Vault(path).unlock(token) == SECRET
    Vault(path).lock("another")
    assert path.read_bytes() == key
    assert [file.name for file in path.parent.iterdir()] == ["mailgw.key"]


def test_M2_keys_can_be_changed_and_a_lost_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mailgw.key"
    old = Vault(path).lock(SECRET)
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    assert Vault(path).unlock(old) == SECRET
    path.write_bytes(Fernet.generate_key())
    with pytest.raises(UnreadableKey, match="opens this password"):
        Vault(path).unlock(old)
    path.write_text("no key")
    with pytest.raises(UnreadableKey, match="cannot be used"):
        Vault(path).unlock(old)
    path.unlink()
    with pytest.raises(UnreadableKey, match="is missing"):
        Vault(path).unlock(old)
