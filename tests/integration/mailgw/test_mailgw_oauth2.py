"""M1, M2: accounts that sign in by OAuth2, with tokens of a local token endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dovecot import DovecotServer, make_certificate
from support.smtp_peer import SmtpPeer
from support.token_endpoint import CLIENT_SECRET, REFRESH_TOKEN, TokenEndpoint

from services.mailgw import accounts
from services.mailgw.access_tokens import Grant, request_token
from services.mailgw.account_saving import save_account
from services.mailgw.actions.check_account import check_account
from services.mailgw.credentials import Credentials
from services.mailgw.errors import NoToken
from services.mailgw.model.accounts import Account, Direction
from services.mailgw.vault import Vault
from services.messaging.transaction import Transactions


@pytest.fixture
def endpoint(dovecot: DovecotServer) -> Iterator[TokenEndpoint]:
    made = TokenEndpoint(dovecot.tokens_port)
    yield made
    made.stop()


class Office:
    """Saves accounts, and tries them as the gateway does."""

    def __init__(self, transactions: Transactions, vault: Vault) -> None:
        self.transactions, self.vault = transactions, vault
        self.credentials = Credentials(transactions.database, vault)

    def save(self, direction: Direction, fields: dict[str, Any]) -> Account:
        with self.transactions.database.write() as connection:
            return save_account(connection, self.vault, direction, fields)

    def test(self, account: Account) -> str:
        return check_account(account, self.credentials.of(account))


@pytest.fixture
def office(transactions: Transactions, vault: Vault) -> Office:
    return Office(transactions, vault)


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_M2_a_mailbox_is_opened_by_a_token_which_is_kept_until_it_ends(
    office: Office, dovecot: DovecotServer, endpoint: TokenEndpoint, protocol: str
) -> None:
    known = dovecot.account() if protocol == "imap" else dovecot.pop3_account()
    account = office.save("incoming", {**known, **endpoint.account(scope="mail")})
    assert office.test(account) == "" and office.test(account) == ""
    (form,) = endpoint.requests
    assert form["scope"] == "mail" and form["client_id"] == "casewire"
    endpoint.good.clear()  # the server takes it no longer
    why = office.test(account)
    assert "refuses the login" in why and "access-1" not in why
    office.credentials.refused(account)
    assert office.test(account) == "" and len(endpoint.requests) == 2


def test_M1_mails_go_out_by_a_token(
    office: Office, peer: SmtpPeer, endpoint: TokenEndpoint
) -> None:
    peer.stop()
    peer.login_wanted = True
    peer.start()
    account = office.save("outgoing", peer.account(**endpoint.account()))
    assert "refuses the login: 535" in office.test(account)
    peer.tokens = endpoint.good
    assert office.test(account) == ""


def test_M2_a_token_that_ends_soon_is_asked_for_again_and_a_new_refresh_token_is_kept(
    office: Office, dovecot: DovecotServer, endpoint: TokenEndpoint
) -> None:
    endpoint.lasts_seconds, endpoint.rotates = 30, True
    account = office.save("incoming", dovecot.account(**endpoint.account()))
    assert office.test(account) == "" and office.test(account) == ""
    assert [form["refresh_token"] for form in endpoint.requests] == [
        REFRESH_TOKEN,
        f"{REFRESH_TOKEN}-1",
    ]
    with office.transactions.database.read() as connection:
        kept = accounts.secret_of(connection, office.vault, account, "refresh_token")
    assert kept == f"{REFRESH_TOKEN}-2"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "gives no token: invalid_grant: not good"),
        ((500, b"<html>oops"), "gives no token: it answers 500"),
        ((200, b"[" * 100_000), "gives no token: it answers 200"),
        ((200, b'{"access_token": "a\\r\\nb"}'), "gives no token"),
        ((302, b""), "gives no token: it answers 302"),
    ],
)
def test_M2_what_the_token_endpoint_says_is_told_without_the_secrets_it_repeats(
    office: Office,
    dovecot: DovecotServer,
    endpoint: TokenEndpoint,
    answer: tuple[int, bytes] | None,
    words: str,
) -> None:
    endpoint.answer, endpoint.refresh_token = answer, "another"
    account = office.save("incoming", dovecot.account(**endpoint.account()))
    with pytest.raises(NoToken, match=words) as raised:
        office.test(account)
    assert REFRESH_TOKEN not in str(raised.value) and CLIENT_SECRET not in str(raised.value)


def test_M2_a_token_endpoint_that_is_away_is_told(
    office: Office, dovecot: DovecotServer, endpoint: TokenEndpoint
) -> None:
    away = endpoint.account(token_url="http://127.0.0.1:9/token")
    with pytest.raises(NoToken, match="which gives tokens, cannot be reached"):
        office.test(office.save("incoming", dovecot.account(**away)))
    none = endpoint.account(refresh_token=None)
    with pytest.raises(NoToken, match="the refresh token is missing"):
        office.test(office.save("incoming", dovecot.account(name="b", **none)))


def test_M2_the_token_endpoint_is_trusted_as_mail_servers_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    endpoint = TokenEndpoint(certificate=certificate)
    try:
        grant = Grant(endpoint.url, "casewire")
        with pytest.raises(NoToken, match="shows no certificate to trust"):
            request_token(grant, REFRESH_TOKEN, CLIENT_SECRET)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        given = request_token(grant, REFRESH_TOKEN, CLIENT_SECRET)
        assert given.access_token in endpoint.good and given.lasts_seconds == 3600
    finally:
        endpoint.stop()
