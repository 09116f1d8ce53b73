"""An SMTP server of the tests' own, which keeps what it gets and refuses as it is told."""

from __future__ import annotations

import ssl
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from support.ports import free_port

LOGIN = "support"
PASSWORD = "S3cr3t-of-SMTP"


@dataclass(frozen=True)
class Delivered:
    """A mail as the peer took it, and over which of its connections, counted from 1."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int = 0


@dataclass
class SmtpPeer:
    """Collects mails in `mails`.

    `refusals` maps a recipient to the answer he gets ("451 4.7.1 greylisted"); `content_answer`
    is the answer to every mail's content; `on_content` is called with each mail before the
    answer. `login_wanted` demands AUTH, by a password or by XOAUTH2 with one of
    `tokens`. With `certificate` (a certificate.pem with key.pem beside it) it offers STARTTLS, or
    speaks TLS at once where `tls` is set.
    """

    refusals: dict[str, str] = field(default_factory=dict)
    mails: list[Delivered] = field(default_factory=list)
    content_answer: str = "250 OK"
    sender_answer: str = "250 OK"
    on_content: Callable[[Delivered], None] = lambda delivered: None
    login_wanted: bool = False
    tokens: set[str] = field(default_factory=set)
    certificate: Path | None = None
    tls: bool = False
    connections: int = 0
    port: int = field(default_factory=free_port)
    _controller: Controller | None = None

    def start(self) -> None:
        """Listen; what came before a stop is kept."""
        options: dict[str, Any] = {
            "auth_required": self.login_wanted,
            "auth_require_tls": False,
            "authenticator": _authenticate if self.login_wanted else None,
            "data_size_limit": 60_000_000,
            "enable_SMTPUTF8": True,
        }
        context = self._context()
        if context and self.tls:
            options["ssl_context"] = context
        elif context:
            options["tls_context"] = context
        self._controller = Controller(_Handler(self), "127.0.0.1", self.port, **options)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def account(self, **other: object) -> dict[str, object]:
        """The fields of an outgoing account that reaches it, some of them replaced."""
        known = {"name": "out", "server": "127.0.0.1", "port": self.port}
        return {**known, "security": "none", "address": "support@company.example", **other}

    def _context(self) -> ssl.SSLContext | None:
        if self.certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.certificate.with_name("key.pem"))
        return context


class _Handler:
    def __init__(self, peer: SmtpPeer) -> None:
        self.peer = peer

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.peer.connections += 1
        session.number = self.peer.connections
        return responses

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> Any:
        login, _, rest = b64decode(args[1]).partition(b"\1")
        token = rest.removeprefix(b"auth=Bearer ").rstrip(b"\1").decode()
        if login == f"user={LOGIN}".encode() and token in self.peer.tokens:
            return AuthResult(success=True)
        # As Google and Microsoft do: the reason first, and the refusal behind an empty answer.
        await server.challenge_auth(b'{"status":"401","schemes":"bearer"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.peer.sender_answer.startswith("250"):
            envelope.mail_from = address
        return self.peer.sender_answer

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.peer.refusals.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        delivered = Delivered(
            envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content, session.number
        )
        if self.peer.content_answer.startswith("250"):
            self.peer.mails.append(delivered)
        self.peer.on_content(delivered)
        return self.peer.content_answer


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
    good = isinstance(data, LoginPassword) and data == LoginPassword(
        LOGIN.encode(), PASSWORD.encode()
    )
    return AuthResult(success=good, handled=False)
