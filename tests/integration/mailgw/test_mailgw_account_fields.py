"""M1, M2: what an account says is checked when it is saved, and does what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.contracts.errors import InvalidRequest, NotFound
from services.mailgw import account_states, accounts
from services.mailgw.account_saving import save_account
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions
from services.runtime.clock import now

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
INCOMING = {"name": "support", "server": "imap.company.example"}
OUTGOING = {"name": "out", "server": "smtp.company.example", "address": "help@company.example"}
MAIL = b"From: ann@customer.example\r\nSubject: Printer\r\n\r\nIt is broken.\r\n"
OAUTH2 = {"sign_in": "oauth2", "login": "x", "client_id": "c", "token_url": "https://x.example/t"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"certificate": "not one"}, "certificate"),
        ({"certificate": "-----BEGIN CERTIFICATE-----\nü"}, "certificate"),
        (
            {"certificate": "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"},
            "certificate",
        ),
        ({"after_fetch": "move"}, "move_to"),
        ({"after_fetch": "move", "move_to": "INBOX"}, "move_to"),
        ({"after_fetch": "move", "move_to": "Done", "protocol": "pop3"}, "after_fetch"),
        ({"answered_by": "nobody"}, "answered_by"),
        ({**OAUTH2, "login": ""}, "login"),
        ({**OAUTH2, "client_id": ""}, "client_id"),
        ({**OAUTH2, "token_url": "http://x.example/t"}, "token_url"),
        ({**OAUTH2, "token_url": "https://[x/t"}, "token_url"),
    ],
)
def test_M2_what_will_not_work_is_refused_by_its_field(
    transactions: Transactions, vault: Vault, fields: dict[str, object], field: str
) -> None:
    with transactions.database.write() as connection:
        with pytest.raises(InvalidRequest) as raised:
            save_account(connection, vault, "incoming", {**INCOMING, **fields})
        assert raised.value.field == field
        assert accounts.incoming(connection) == []


def test_M1_a_key_that_cannot_sign_is_refused_and_not_repeated(
    transactions: Transactions, vault: Vault
) -> None:
    given = {**OUTGOING, "dkim_selector": "s1", "dkim_key": "S3cr3t-that-is-no-key"}
    with transactions.database.write() as connection, pytest.raises(InvalidRequest) as raised:
        save_account(connection, vault, "outgoing", given)
    assert raised.value.field == "dkim_key" and "S3cr3t" not in str(raised.value)


def test_M2_the_account_that_answers_gives_its_address_and_keeps_to_it(
    transactions: Transactions, vault: Vault, process_all: Callable[[], int], told: Told
) -> None:
    with transactions.database.write() as connection:
        out = save_account(connection, vault, "outgoing", OUTGOING)
        pipe = {"name": "sales", "protocol": "pipe", "answered_by": "out"}
        forged = {"kind": "helpdesk", "answer_from": "boss@evil.example"}
        save_account(connection, vault, "incoming", {**pipe, "new_case": forged})
        save_account(connection, vault, "outgoing", {"id": out.id, "name": "main"})
        assert accounts.incoming(connection)[0].answered_by == "main"
        with pytest.raises(InvalidRequest, match="sales is answered by it"):
            accounts.delete(connection, "outgoing", "main")
    store_mails(transactions, "sales", [MAIL])
    process_all()
    ((_, body),) = told()
    assert body["data"]["new_case"]["answer_from"] == "help@company.example"


def test_M2_a_deleted_account_leaves_its_mails_and_nothing_else(
    transactions: Transactions, vault: Vault, process_all: Callable[[], int], told: Told
) -> None:
    with transactions.database.write() as connection:
        saved = save_account(connection, vault, "incoming", INCOMING)
        account_states.failed(connection, saved.id, "it is away", now())
        accounts.delete(connection, "incoming", "support")
        assert account_states.of_all(connection) == {}
        with pytest.raises(NotFound):
            accounts.delete(connection, "incoming", "support")
    store_mails(transactions, "support", [MAIL])
    assert process_all() == 1 and told()[0][1]["data"]["account"] == "support"


def test_M2_how_an_account_fares_is_kept_beside_it(
    transactions: Transactions, vault: Vault
) -> None:
    at = now()
    with transactions.database.write() as connection:
        saved = save_account(connection, vault, "incoming", INCOMING)
        account_states.succeeded(connection, saved.id, 3, at)
        account_states.failed(connection, saved.id, "refuses the login", at)
        account_states.succeeded(connection, saved.id, 2, at)
        fares = account_states.of_all(connection)[saved.id]
    assert (fares["passed"], fares["failures"], fares["last_error"]) == (5, 1, "refuses the login")
    assert fares["last_success_at"].startswith(f"{at:%Y-%m-%dT%H:%M}")


def test_M1_an_account_can_be_switched_off_again(transactions: Transactions, vault: Vault) -> None:
    with transactions.database.write() as connection:
        save_account(connection, vault, "outgoing", OUTGOING)
        assert accounts.approve(connection, "outgoing", "out").approved
        assert not accounts.approve(connection, "outgoing", "out", used=False).approved
