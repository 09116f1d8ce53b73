"""M1, M2: "Test" tells in words what is wrong, and a pinned certificate is the only one taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.dovecot import PASSWORD, DovecotServer, make_certificate
from support.ports import free_port
from support.smtp_peer import LOGIN, SmtpPeer
from support.smtp_peer import PASSWORD as SMTP_PASSWORD

from services.mailgw.actions.check_account import check_account
from services.mailgw.model.accounts import IncomingAccount, OutgoingAccount

FROM_THE_START = {"imap": "tls_port", "pop3": "pop3_tls_port"}
PLAIN = {"imap": "port", "pop3": "pop3_port"}


def incoming(dovecot: DovecotServer, protocol: str, security: str, **more: Any) -> IncomingAccount:
    ports = FROM_THE_START if security == "tls" else PLAIN
    known = {"protocol": protocol, "security": security, "port": getattr(dovecot, ports[protocol])}
    return IncomingAccount.model_validate(dovecot.account(**known | more))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The certificate of somebody else, for the same name."""
    return make_certificate(tmp_path_factory.mktemp("other")).read_text()


@pytest.fixture(params=["starttls", "tls"])
def secure_peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmtpPeer]:
    made = SmtpPeer(certificate=make_certificate(tmp_path), tls=request.param == "tls")
    made.login_wanted = True
    made.start()
    yield made
    made.stop()


def outgoing(peer: SmtpPeer, **more: Any) -> OutgoingAccount:
    known = {"security": "tls" if peer.tls else "starttls", "login": LOGIN}
    return OutgoingAccount.model_validate(peer.account(**known | more))


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_M2_a_self_signed_server_is_taken_by_its_own_certificate_only(
    dovecot: DovecotServer, other: str, protocol: str, security: str
) -> None:
    untrusted = "shows a certificate that cannot be trusted"
    assert untrusted in check_account(incoming(dovecot, protocol, security), PASSWORD)
    wrong = incoming(dovecot, protocol, security, certificate=other)
    assert untrusted in check_account(wrong, PASSWORD)
    pinned = incoming(dovecot, protocol, security, certificate=dovecot.certificate.read_text())
    assert check_account(pinned, PASSWORD) == ""
    assert "refuses the login" in check_account(pinned, "wrong")


def test_M2_a_pinned_certificate_shuts_the_usual_authorities_out(
    dovecot: DovecotServer, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    assert check_account(incoming(dovecot, "imap", "tls"), PASSWORD) == ""
    wrong = incoming(dovecot, "imap", "tls", certificate=other)
    assert "cannot be trusted" in check_account(wrong, PASSWORD)


def test_M1_a_self_signed_smtp_server_is_taken_by_its_own_certificate_only(
    secure_peer: SmtpPeer, other: str
) -> None:
    untrusted = "shows a certificate that cannot be trusted"
    assert untrusted in check_account(outgoing(secure_peer), SMTP_PASSWORD)
    assert untrusted in check_account(outgoing(secure_peer, certificate=other), SMTP_PASSWORD)
    assert secure_peer.certificate
    pinned = outgoing(secure_peer, certificate=secure_peer.certificate.read_text())
    assert check_account(pinned, SMTP_PASSWORD) == ""
    assert "refuses the login: 535" in check_account(pinned, "wrong")


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("fields", "password", "words"),
    [
        ({"server": "mail.invalid"}, PASSWORD, "cannot be found: no such name"),
        ({"port": free_port()}, PASSWORD, "refuses connections"),
        ({}, "wrong", "refuses the login"),
        ({"security": "tls"}, PASSWORD, "does not speak TLS this way"),
    ],
)
def test_M2_what_is_wrong_is_told_apart(
    dovecot: DovecotServer, protocol: str, fields: dict[str, Any], password: str, words: str
) -> None:
    account = incoming(dovecot, protocol, "none").model_copy(update=fields)
    assert words in check_account(account, password)


def test_M2_a_missing_folder_is_named_also_that_to_move_to(dovecot: DovecotServer) -> None:
    missing = incoming(dovecot, "imap", "none", folder="Nowhere")
    assert "has no such folder" in check_account(missing, PASSWORD)
    moving = incoming(dovecot, "imap", "none", after_fetch="move", move_to="Nowhere")
    assert "has no folder 'Nowhere' to move mails to" in check_account(moving, PASSWORD)
    dovecot.make_folder("Done")
    there = incoming(dovecot, "imap", "none", after_fetch="move", move_to="Done")
    assert check_account(there, PASSWORD) == ""


def test_M1_a_server_without_starttls_is_told(peer: SmtpPeer) -> None:
    account = OutgoingAccount.model_validate(peer.account(security="starttls"))
    assert "does not offer STARTTLS" in check_account(account, "")
    for fields, words in (
        ({"server": "mail.invalid"}, "no such name"),
        ({"port": free_port()}, "refuses connections"),
        ({"security": "tls"}, "does not speak TLS"),
    ):
        assert words in check_account(account.model_copy(update=fields), "")
