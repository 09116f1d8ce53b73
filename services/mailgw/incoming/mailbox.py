"""One folder of an IMAP server, opened as an account says."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from imap_tools.errors import MailboxFetchError, MailboxFlagError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import check_command_status

from services.mailgw.errors import ServerRefused
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.refusals import TROUBLE, in_words

TIMEOUT_SECONDS = 20.0
SIZES_AT_ONCE = 500
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Folder:
    """What fetching needs of a selected folder; every mail is named by its UID."""

    def __init__(self, mailbox: BaseMailBox) -> None:
        self._mailbox = mailbox

    def unseen(self) -> list[tuple[str, int]]:
        """UID and size in bytes of each new mail, oldest first."""
        uids = self._mailbox.uids("UNSEEN UNDELETED", charset=None)
        found: list[tuple[str, int]] = []
        for start in range(0, len(uids), SIZES_AT_ONCE):
            for item in self._fetch(uids[start : start + SIZES_AT_ONCE], "(UID RFC822.SIZE)"):
                head = item[0] if isinstance(item, tuple) else item
                uid, size = _UID.search(head), _SIZE.search(head)
                if uid and size:
                    found.append((uid[1].decode(), int(size[1])))
        return sorted(found, key=lambda one: int(one[0]))

    def contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these mails, which are not marked seen by it; a removed one is left out."""
        found: dict[str, bytes] = {}
        content: bytes | None = None
        for item in self._fetch(uids, "(UID BODY.PEEK[])"):
            if isinstance(item, tuple):
                head, content = item
            else:
                head = item  # some servers name the UID behind the content
            uid = _UID.search(head)
            if uid and content is not None:
                found[uid[1].decode()] = content
                content = None
        return found

    def mark_seen(self, uids: Sequence[str]) -> None:
        """Mark these seen. Not by imap-tools' `flag`, which also expunges the folder."""
        answer = self._mailbox.client.uid("STORE", ",".join(uids), "+FLAGS", r"(\Seen)")
        check_command_status(answer, MailboxFlagError)

    def _fetch(self, uids: Sequence[str], what: str) -> list[bytes | tuple[bytes, bytes]]:
        answer = self._mailbox.client.uid("FETCH", ",".join(uids), what)
        check_command_status(answer, MailboxFetchError)
        return [item for item in answer[1] if item is not None]


@contextmanager
def opened(
    account: IncomingAccount, password: str, timeout: float = TIMEOUT_SECONDS
) -> Iterator[Folder]:
    """The account's folder, until the block is left; `timeout` is for each answer.

    Raises ServerRefused, in words, for all that goes wrong with the server inside.
    """
    mailbox: BaseMailBox | None = None
    try:
        mailbox = _connected(account, timeout)
        _sign_in(mailbox, account, password)
        yield Folder(mailbox)
    except TROUBLE as error:
        why = in_words(error, account.server, account.port)
        if mailbox is not None:
            with suppress(OSError):  # it may be closed already
                mailbox.client.shutdown()
            mailbox = None
        # A server may repeat what it was sent.
        raise ServerRefused(why.replace(password, "…") if password else why) from None
    finally:
        if mailbox is not None:
            with suppress(*TROUBLE):
                mailbox.logout()


def _connected(account: IncomingAccount, timeout: float) -> BaseMailBox:
    if account.security == "none":
        return MailBoxUnencrypted(account.server, account.port, timeout=timeout)
    # The default context checks names and certificates, against SSL_CERT_FILE where it is set.
    context = ssl.create_default_context()
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.server, account.port, timeout=timeout, ssl_context=context)


def _sign_in(mailbox: BaseMailBox, account: IncomingAccount, password: str) -> None:
    if (account.login + password).isascii():
        mailbox.login(account.login, password, initial_folder=None)
    else:
        _sign_in_beyond_ascii(mailbox, account.login, password)
    mailbox.folder.set(account.folder)


def _sign_in_beyond_ascii(mailbox: BaseMailBox, login: str, password: str) -> None:
    try:
        mailbox.login_utf8(login, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxLoginError(("NO", [str(error)]), "OK") from None
