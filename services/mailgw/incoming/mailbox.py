"""The mailbox of an account, opened as the account says."""

from __future__ import annotations

import imaplib
import poplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from imap_tools.errors import MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.pop3_client import Pop3Client, Pop3TlsClient
from services.mailgw.incoming.pop3_mailbox import Pop3Mailbox
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.refusals import TROUBLE, Pop3LoginRefused, in_words

TIMEOUT_SECONDS = 20.0


class Mailbox(Protocol):
    """What fetching needs of a mailbox, whatever it speaks; Folder and Pop3Mailbox say more."""

    key: str
    remembers: bool

    def uids(self) -> list[str]:
        """The names of its new mails, oldest first."""

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """The size in bytes of each of these that is still there."""

    def contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of each of these that is still there. Raises MailWithheld."""

    def settle(self, uids: Sequence[str]) -> None:
        """Do with these, which are stored, what the account says. Raises NotSettled."""

    def finish(self) -> None:
        """End a session that went well."""

    def break_off(self) -> None:
        """End the connection, whatever somebody waits for on it."""


@contextmanager
def opened(
    account: IncomingAccount, password: str, timeout: float = TIMEOUT_SECONDS
) -> Iterator[Mailbox]:
    """The account's mailbox, until the block is left; `timeout` is for each answer.

    Raises ServerRefused, in words, for all that goes wrong with the server inside.
    """
    try:
        with _session(account, password, timeout) as mailbox:
            yield mailbox
            mailbox.finish()
    except TROUBLE as error:
        why = in_words(error, account.server, account.port)
        # A server may repeat what it was sent.
        raise ServerRefused(why.replace(password, "…") if password else why) from None


def _session(
    account: IncomingAccount, password: str, timeout: float
) -> AbstractContextManager[Mailbox]:
    if account.protocol == "pop3":
        return _pop3_mailbox(account, password, timeout)
    return _imap_folder(account, password, timeout)


@contextmanager
def _imap_folder(account: IncomingAccount, password: str, timeout: float) -> Iterator[Folder]:
    mailbox = _connected(account, timeout)
    polite = True
    try:
        _sign_in(mailbox, account, password)
        yield Folder(mailbox, account)
    except TROUBLE:
        polite = False
        with suppress(OSError):  # it may be closed already
            mailbox.client.shutdown()
        raise
    finally:
        if polite:
            with suppress(*TROUBLE):
                mailbox.logout()


@contextmanager
def _pop3_mailbox(account: IncomingAccount, password: str, timeout: float) -> Iterator[Pop3Mailbox]:
    client = _pop3_connected(account, timeout)
    try:
        _pop3_sign_in(client, account, password)
        yield Pop3Mailbox(client, account)
    finally:
        with suppress(OSError):
            client.close()


def _connected(account: IncomingAccount, timeout: float) -> BaseMailBox:
    if account.security == "none":
        return MailBoxUnencrypted(account.server, account.port, timeout=timeout)
    # The default context checks names and certificates, against SSL_CERT_FILE where it is set.
    context = ssl.create_default_context()
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.server, account.port, timeout=timeout, ssl_context=context)


def _pop3_connected(account: IncomingAccount, timeout: float) -> Pop3Client:
    context = ssl.create_default_context()
    if account.security == "tls":
        return Pop3TlsClient(account.server, account.port, timeout=timeout, context=context)
    client = Pop3Client(account.server, account.port, timeout=timeout)
    if account.security == "starttls":
        client.stls(context)
    return client


def _sign_in(mailbox: BaseMailBox, account: IncomingAccount, password: str) -> None:
    if (account.login + password).isascii():
        mailbox.login(account.login, password, initial_folder=None)
    else:
        _sign_in_beyond_ascii(mailbox, account.login, password)


def _sign_in_beyond_ascii(mailbox: BaseMailBox, login: str, password: str) -> None:
    try:
        mailbox.login_utf8(login, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxLoginError(("NO", [str(error)]), "OK") from None


def _pop3_sign_in(client: Pop3Client, account: IncomingAccount, password: str) -> None:
    if not (account.login + password).isprintable():
        raise Pop3LoginRefused("a login or password with line breaks cannot be sent")
    try:
        client.user(account.login)
        client.pass_(password)
    except poplib.error_proto as error:
        raise Pop3LoginRefused(*error.args) from None
