"""Fetching by POP3: each mail once, left or removed behind the commit (M2, M3, M12)."""

from __future__ import annotations

import pytest
from integration.mailgw.fetched_account import FetchedAccount, mail
from support.dovecot import PASSWORD, DovecotServer
from support.mail_proxy import MailProxy
from support.ports import free_port

from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.mailbox import opened
from services.mailgw.model.accounts import IncomingAccount
from services.messaging.transaction import Transactions

RAWS = [mail(number) for number in range(3)]
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_M3_pop3_mails_left_on_the_server_are_taken_once(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.drop(RAWS)
    chosen = FetchedAccount(dovecot, transactions, protocol="pop3")
    assert chosen.fetch().new == 3
    assert dovecot.count("ALL") == 3 and chosen.remembered() == 3
    asked: list[str] = []
    dovecot.drop([mail(7)])
    with opened(chosen.account, PASSWORD) as mailbox:
        contents = mailbox.contents
        mailbox.contents = lambda uids: asked.extend(uids) or contents(uids)  # type: ignore
        assert chosen.fetch_opened(mailbox).new == 1
    assert len(asked) == 1
    assert chosen.stored() == [*RAWS, mail(7)]
    dovecot.empty()
    chosen.fetch()
    assert chosen.remembered() == 0  # the server has none of them any more


def test_M3_pop3_mails_are_deleted_once_stored(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    dovecot.drop(RAWS)
    chosen = FetchedAccount(dovecot, transactions, protocol="pop3", after_fetch="delete")
    assert chosen.fetch().new == 3
    assert dovecot.count("ALL") == 0 and chosen.stored() == RAWS
    chosen.fetch()
    assert chosen.remembered() == 0


@ON_SQLITE
def test_M12_a_pop3_mail_comes_byte_for_byte_with_dots_and_lines_of_any_length(
    dovecot: DovecotServer, transactions: Transactions
) -> None:
    odd = (
        mail(1) + b"." * 3 + b"\r\n..\r\n.\r\n" + b"z" * 300_000 + b"\r\n\rodd\r\n\x00\xff\r\n.\r\n"
    )
    raws = [
        b".From: ann@customer.example\r\n" + mail(2),
        odd,
        mail(3, size=9_000_000),
        b"\r\n.\r\n",
    ]
    dovecot.drop(raws)
    chosen = FetchedAccount(dovecot, transactions, protocol="pop3")
    assert chosen.fetch().trouble == ""
    assert sorted(chosen.stored()) == sorted(raws)


@ON_SQLITE
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_M2_pop3_works_with_each_security(
    dovecot: DovecotServer,
    transactions: Transactions,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    dovecot.drop(RAWS)
    port = dovecot.pop3_tls_port if security == "tls" else dovecot.pop3_port
    chosen = FetchedAccount(dovecot, transactions, protocol="pop3", security=security, port=port)
    assert chosen.fetch().new == 3


@pytest.mark.parametrize(
    ("fields", "password", "words"),
    [
        ({}, "wrong", "refuses the login"),
        ({}, "wröng", "refuses the login"),
        ({}, "a\r\nDELE 1", "line breaks cannot be sent"),
        ({"security": "tls"}, PASSWORD, "does not speak TLS"),
        ({"security": "starttls"}, PASSWORD, "certificate that cannot be trusted"),
        ({"server": "mail.invalid"}, PASSWORD, "no such name"),
        ({"port": free_port()}, PASSWORD, "refuses connections"),
    ],
)
def test_M2_pop3_trouble_is_told_in_words(
    dovecot: DovecotServer, fields: dict[str, object], password: str, words: str
) -> None:
    account = IncomingAccount.model_validate(dovecot.pop3_account(**fields))
    with (
        pytest.raises(ServerRefused, match=words) as raised,
        opened(account, password, timeout=10),
    ):
        raise AssertionError("it must not be opened")
    assert password not in str(raised.value)


@ON_SQLITE
@pytest.mark.parametrize(
    ("refused", "stored", "words"),
    [
        ("^UIDL", [], "does not tell its mails apart"),
        ("^RETR 2", [RAWS[0], RAWS[2]], "1 that the server does not hand out"),
        ("^DELE 2", RAWS, "stay new on the server: .*busy"),
        ("^QUIT", RAWS, "answers -ERR busy"),
    ],
)
def test_M12_each_command_that_a_pop3_server_refuses_is_told_and_made_good(
    dovecot: DovecotServer,
    transactions: Transactions,
    refused: str,
    stored: list[bytes],
    words: str,
) -> None:
    dovecot.drop(RAWS)
    proxy = MailProxy(dovecot.pop3_port)
    proxy.refusals = {refused: "-ERR busy"}
    chosen = FetchedAccount(
        dovecot, transactions, protocol="pop3", port=proxy.port, after_fetch="delete"
    )
    with pytest.raises(ServerRefused, match=words):
        trouble = chosen.fetch().trouble
        raise ServerRefused(trouble)
    assert chosen.stored() == stored
    proxy.refusals = {}
    assert chosen.fetch().trouble == ""
    assert sorted(chosen.stored()) == RAWS and dovecot.count("ALL") == 0
    proxy.close()
