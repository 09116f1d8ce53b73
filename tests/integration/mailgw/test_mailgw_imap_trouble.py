"""Mail servers that are away, wrong or hang: told in words, in nobody's way (M2, M12)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select
from support.dovecot import PASSWORD, DovecotServer
from support.ports import free_port

from services.mailgw import accounts
from services.mailgw.account_saving import save_account
from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.fetch import Fetch
from services.mailgw.incoming.fetcher import Fetcher
from services.mailgw.incoming.fetching import Fetching
from services.mailgw.incoming.mailbox import opened
from services.mailgw.incoming.standing import Standing
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import raw_mails
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions

MAIL = b"From: ann@customer.example\r\nSubject: Printer\r\n\r\nIt is broken.\r\n"


def account(dovecot: DovecotServer, **fields: object) -> IncomingAccount:
    return IncomingAccount.model_validate(dovecot.account(**fields))


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_M2_each_security_works_with_a_trusted_certificate(
    dovecot: DovecotServer,
    transactions: Transactions,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    dovecot.append(MAIL)
    port = dovecot.tls_port if security == "tls" else dovecot.port
    chosen = account(dovecot, security=security, port=port)
    with opened(chosen, PASSWORD) as folder:
        assert Fetch(transactions, chosen, folder).run().new == 1


@pytest.mark.parametrize(
    ("fields", "password", "words"),
    [
        ({}, "wrong", "refuses the login"),
        ({}, "wröng", "refuses the login"),
        ({"login": "nobody"}, PASSWORD, "refuses the login"),
        ({"folder": "Nowhere"}, PASSWORD, "no such folder"),
        ({"security": "tls"}, PASSWORD, "does not speak TLS"),
        ({"security": "starttls"}, PASSWORD, "certificate that cannot be trusted"),
        ({"server": "mail.invalid"}, PASSWORD, "no such name"),
        ({"port": free_port()}, PASSWORD, "refuses connections"),
    ],
)
def test_M2_trouble_is_told_in_words(
    dovecot: DovecotServer, fields: dict[str, object], password: str, words: str
) -> None:
    with (
        pytest.raises(ServerRefused, match=words) as raised,
        opened(account(dovecot, **fields), password, timeout=10),
    ):
        raise AssertionError("it must not be opened")
    assert password not in str(raised.value)


def fetcher(transactions: Transactions, vault: Vault) -> Fetcher:
    standing = Standing(transactions.database, first_rest_seconds=60)
    return Fetcher(transactions, vault, lambda: None, standing)


def misbehaving(answers: Sequence[bytes]) -> int:
    """The port of a server that says these lines, one a connection, and hangs up or hangs."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            connection.sendall(answer)
            if answer:
                connection.close()
            else:
                time.sleep(5)
        listener.close()

    threading.Thread(target=run, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"* OK hello\r\n", "broke the connection off"),
        (b"* BYE overloaded\r\n", "broke the connection off|cannot be used"),
        (b"220 smtp.example ESMTP\r\n", "broke the connection off|cannot be used"),
        (b"\x00\xff\xfe\r\n", "broke the connection off|cannot be used"),
        (b"", "does not answer in time"),
    ],
)
def test_M12_a_server_that_hangs_up_hangs_or_babbles_is_told(
    dovecot: DovecotServer, answer: bytes, words: str
) -> None:
    broken = account(dovecot, port=misbehaving([answer]))
    with pytest.raises(ServerRefused, match=words), opened(broken, PASSWORD, timeout=1):
        raise AssertionError("it must not be opened")


def test_M12_a_dead_server_holds_up_no_other_account(
    dovecot: DovecotServer, transactions: Transactions, vault: Vault
) -> None:
    dovecot.append(MAIL)
    hanging = misbehaving([b""])
    with transactions.database.write() as connection:
        for name, port in (("dead", hanging), ("support", dovecot.port)):
            fields = dovecot.account(name=name, port=port, password=PASSWORD)
            save_account(connection, vault, "incoming", fields)
        chosen = accounts.incoming(connection)
    fetching = Fetching(fetcher(transactions, vault))
    began = time.monotonic()
    result = fetching.fetch(chosen, patience_seconds=2)
    assert result.stored == 1
    assert result.failed == {"dead": "it is still being fetched"}
    assert time.monotonic() - began < 4
    again = fetching.fetch(chosen, patience_seconds=2)
    assert again.failed == {"dead": "it is still being fetched"}
    fetching.close()
    with transactions.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(raw_mails)) == 1
