"""What went wrong with a mail server, in words that an operator can act on."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from imap_tools.errors import (
    MailboxFolderSelectError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)

from services.mailgw.errors import LoginRefused, ServerRefused
from services.mailgw.incoming.charset import clean

# What speaking to a server can raise; anything else is a fault of ours.
TROUBLE = (
    OSError,
    imaplib.IMAP4.error,
    poplib.error_proto,
    UnexpectedCommandStatusError,
    smtplib.SMTPException,
)
MOST_CHARACTERS = 300


class Pop3LoginRefused(poplib.error_proto):
    """A POP3 server takes neither this login nor its password, or not both together."""


class NoStartTls(OSError):
    """A server that is to turn to TLS by STARTTLS does not offer it."""


_LOGIN_REFUSED = (MailboxLoginError, smtplib.SMTPAuthenticationError, Pop3LoginRefused)
_BROKEN_OFF = (smtplib.SMTPServerDisconnected, imaplib.IMAP4.abort, ConnectionError)
# The first that fits speaks: the special stand above the general.
_SENTENCES: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (NoStartTls, lambda e: "does not offer STARTTLS; try TLS, or another port"),
    (socket.gaierror, lambda e: "cannot be found: no such name"),
    (
        ssl.SSLCertVerificationError,
        lambda e: f"shows a certificate that cannot be trusted: {e.verify_message}",
    ),
    (ssl.SSLError, lambda e: "does not speak TLS this way; try another port, or STARTTLS"),
    (ConnectionRefusedError, lambda e: "refuses connections"),
    (TimeoutError, lambda e: "does not answer in time"),
    (MailboxFolderSelectError, lambda e: f"has no such folder: {said(e.command_result[1])}"),
    (MailboxLoginError, lambda e: f"refuses the login: {said(e.command_result[1])}"),
    (
        smtplib.SMTPAuthenticationError,
        lambda e: f"refuses the login: {e.smtp_code} {said(e.smtp_error)}",
    ),
    (Pop3LoginRefused, lambda e: f"refuses the login: {said(e.args)}"),
    (poplib.error_proto, lambda e: f"answers {said(e.args)}"),
    (_BROKEN_OFF, lambda e: f"broke the connection off: {said(e)}"),
    (smtplib.SMTPResponseException, lambda e: f"answers {e.smtp_code} {said(e.smtp_error)}"),
    (UnexpectedCommandStatusError, lambda e: f"answers {said(e.command_result)}"),
    (Exception, lambda e: f"cannot be used: {said(e)}"),
)


def in_words(error: Exception, server: str, port: int) -> str:
    """One sentence about an error of `TROUBLE` that speaking to this server raised."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and error.__context__ is not None:
        # smtplib hides behind it that it waited in vain.
        error = error.__context__ if isinstance(error.__context__, TimeoutError) else error
    sentence = next(make for kind, make in _SENTENCES if isinstance(error, kind))
    return f"{server} (port {port}) {sentence(error)}"


def refused(error: Exception, words: str) -> ServerRefused:
    """What callers get instead of the error: LoginRefused where it was the login."""
    return LoginRefused(words) if isinstance(error, _LOGIN_REFUSED) else ServerRefused(words)


def without_secrets(words: str, *secrets: str) -> str:
    """The words with the secrets blotted out: a server may repeat what it was sent."""
    for secret in secrets:
        if secret:
            for form in (secret, b64encode(secret.encode()).decode()):
                words = words.replace(form, "…")
    return words


def said(answer: object) -> str:
    """A server's own words, fit for a log and a page."""
    parts = answer if isinstance(answer, list | tuple) else [answer]
    texts = [p.decode("utf-8", "replace") if isinstance(p, bytes) else str(p) for p in parts]
    return clean(" ".join(" ".join(texts).split()))[:MOST_CHARACTERS]
