"""Reaching an SMTP server: security, login, and servers that hang up (M1)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.dovecot import make_certificate
from support.ports import free_port
from support.smtp_peer import LOGIN, PASSWORD, SmtpPeer

from services.mailgw.errors import ServerRefused
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.send import Session

ANN = "ann@customer.example"
MAIL = b"From: support@company.example\r\nSubject: x\r\n\r\n.a line with a dot\r\n"

Start = Callable[[SmtpPeer], SmtpPeer]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts peers, and stops them at the end."""
    started: list[SmtpPeer] = []

    def run(peer: SmtpPeer) -> SmtpPeer:
        started.append(peer)
        peer.start()
        return peer

    yield run
    for peer in started:
        peer.stop()


def account(peer: SmtpPeer, **fields: object) -> OutgoingAccount:
    return OutgoingAccount.model_validate(peer.account(**fields))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_M1_a_trusted_certificate_is_taken_and_another_is_not(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    certificate = make_certificate(tmp_path)
    peer = start(SmtpPeer(certificate=certificate, tls=security == "tls"))
    reaching = account(peer, security=security)
    with pytest.raises(ServerRefused, match="certificate that cannot be trusted"):
        Session(reaching, "").open()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    session = Session(reaching, "")
    assert session.send("support@company.example", [ANN], MAIL).delivered == [ANN]
    session.close()
    assert peer.mails[0].raw == MAIL


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_M1_the_login_is_used_and_a_wrong_one_is_told_without_repeating_it(start: Start) -> None:
    peer = start(SmtpPeer(login_wanted=True))
    good = Session(account(peer, login=LOGIN), PASSWORD)
    assert good.send("support@company.example", [ANN], MAIL).delivered == [ANN]
    good.close()
    for wrong in ("wrong-password", "wröng-password"):
        with pytest.raises(ServerRefused, match="refuses the login") as raised:
            Session(account(peer, login=LOGIN), wrong).open()
        assert wrong not in str(raised.value)
    with pytest.raises(ServerRefused, match="refuses the login"):
        Session(account(peer), "").send("support@company.example", [ANN], MAIL)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"server": "smtp.invalid"}, "no such name"),
        ({"port": free_port()}, "refuses connections"),
        ({"security": "tls"}, "does not speak TLS"),
        ({"security": "starttls"}, "STARTTLS"),
        ({"login": LOGIN}, "refuses the login"),
    ],
)
def test_M1_trouble_is_told_in_words(start: Start, fields: dict[str, object], words: str) -> None:
    peer = start(SmtpPeer())
    with pytest.raises(ServerRefused, match=words):
        Session(account(peer, **fields), "secret").open()


def test_M12_a_connection_that_was_closed_meanwhile_is_opened_anew(start: Start) -> None:
    peer = start(SmtpPeer())
    session = Session(account(peer), "")
    assert session.send("support@company.example", [ANN], MAIL).delivered == [ANN]
    peer.stop()
    peer.start()
    assert session.send("support@company.example", [ANN], MAIL).delivered == [ANN]
    session.close()
    assert len(peer.mails) == 2 and peer.connections == 2


def test_M12_a_connection_that_breaks_behind_the_content_is_for_later(start: Start) -> None:
    peer = start(SmtpPeer(content_answer="421 4.3.2 shutting down"))
    session = Session(account(peer), "")
    outcome = session.send("support@company.example", [ANN], MAIL)
    assert outcome.delivered == [] and outcome.failed == {}
    assert "shutting down" in outcome.later[ANN]
    peer.content_answer = "250 OK"
    assert session.send("support@company.example", [ANN], MAIL).delivered == [ANN]
    session.close()


def test_addresses_beyond_ascii_need_a_server_that_takes_them(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = start(SmtpPeer())
    session = Session(account(peer), "")
    jorg = "jörg@customer.example"
    mail = f"To: {jorg}\r\n\r\nhi\r\n".encode()
    assert session.send("support@company.example", [jorg], mail).delivered == [jorg]
    monkeypatch.setattr(session.open(), "has_extn", lambda name: False)
    assert "beyond ASCII" in session.send("support@company.example", [jorg], mail).failed[jorg]
    session.close()


def test_M12_a_hanging_server_costs_no_more_than_the_deadline(start: Start) -> None:
    peer = start(SmtpPeer(on_content=lambda delivered: time.sleep(2)))
    session = Session(account(peer), "")
    sock = session.open().sock
    assert sock is not None
    sock.settimeout(0.5)
    began = time.monotonic()
    outcome = session.send("support@company.example", [ANN], MAIL)
    assert "does not answer in time" in outcome.later[ANN]
    assert time.monotonic() - began < 1.5
