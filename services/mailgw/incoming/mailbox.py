"""The mailbox of an account, opened as the account says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.pop3_mailbox import Pop3Mailbox
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.refusals import TROUBLE, in_words, refused, without_secrets
from services.mailgw.signing_in import (
    as_sent,
    imap_connected,
    imap_sign_in,
    pop3_connected,
    pop3_sign_in,
)

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
        raise refused(error, without_secrets(why, *as_sent(account, password))) from None


def _session(
    account: IncomingAccount, password: str, timeout: float
) -> AbstractContextManager[Mailbox]:
    if account.protocol == "pop3":
        return _pop3_mailbox(account, password, timeout)
    return _imap_folder(account, password, timeout)


@contextmanager
def _imap_folder(account: IncomingAccount, password: str, timeout: float) -> Iterator[Folder]:
    mailbox = imap_connected(account, timeout)
    polite = True
    try:
        imap_sign_in(mailbox, account, password)
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
    client = pop3_connected(account, timeout)
    try:
        pop3_sign_in(client, account, password)
        yield Pop3Mailbox(client, account)
    finally:
        with suppress(OSError):
            client.close()
