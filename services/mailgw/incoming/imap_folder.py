"""One selected folder of an IMAP server (RFC 3501): its new mails, and what becomes of them."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from socket import SHUT_RDWR

from imap_tools.errors import (
    MailboxCopyError,
    MailboxDeleteError,
    MailboxExpungeError,
    MailboxFetchError,
    MailboxFlagError,
    MailboxMoveError,
    UnexpectedCommandStatusError,
)
from imap_tools.mailbox import BaseMailBox
from imap_tools.utils import check_command_status, encode_folder

from services.mailgw.errors import MailWithheld, NotSettled
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.refusals import said

_UID = re.compile(rb"\bUID (\d{1,10})")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,15})")


class Folder:
    """What fetching needs of a folder; every mail is named by its UID.

    `key` names the folder as long as its UIDs are good (RFC 3501 §2.3.1.1), and is empty where
    the server does not say for how long. `remembers` is whether stored mails stay new on the
    server, so that somebody has to remember them.
    """

    def __init__(self, mailbox: BaseMailBox, account: IncomingAccount) -> None:
        self.mailbox = mailbox
        self.client = mailbox.client
        self._account = account
        writable = self._select()
        self.key = self._key()
        self._obstacle = self._obstacle_to_settling(writable)
        self.remembers = bool(self._obstacle)
        self.offers = self._capabilities()

    def uids(self) -> list[str]:
        """The new mails, oldest first."""
        self.client.noop()  # a server need not tell before it what others have marked meanwhile
        self.client.response("EXISTS")  # what it told until now is in the answer to this
        answer = self.client.uid("SEARCH", "UNSEEN UNDELETED")
        check_command_status(answer, UnexpectedCommandStatusError)
        words = b" ".join(line for line in answer[1] if isinstance(line, bytes)).split()
        uids = [word.decode() for word in words if word.isdigit()]
        return sorted(uids, key=lambda uid: (len(uid), uid))

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """The size in bytes of each; one that is gone is left out."""
        sizes: dict[str, int] = {}
        for item in self._fetch(uids, "(UID RFC822.SIZE)"):
            head = item[0] if isinstance(item, tuple) else item
            uid, size = _UID.search(head), _SIZE.search(head)
            if uid and size:
                sizes[uid[1].decode()] = int(size[1])
        return {uid: sizes[uid] for uid in uids if uid in sizes}

    def contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these mails, which are not marked seen by it; a removed one is left out.

        Raises MailWithheld when the server does not hand out one of them.
        """
        found: dict[str, bytes] = {}
        content: bytes | None = None
        try:
            items = self._fetch(uids, "(UID BODY.PEEK[])")
        except MailboxFetchError as error:
            raise MailWithheld(said(error.command_result[1])) from None
        for item in items:
            if isinstance(item, tuple):
                head, content = item
            else:
                head = item  # some servers name the UID behind the content
            uid = _UID.search(head)
            if uid and content is not None:
                found[uid[1].decode()] = content
                content = None
        return found

    def settle(self, uids: Sequence[str]) -> None:
        """Mark these seen, move or delete them, as the account says. Raises NotSettled."""
        if self._obstacle:
            raise NotSettled(self._obstacle)
        act = {"seen": self._mark_seen, "move": self._move, "delete": self._delete}
        try:
            act[self._account.after_fetch](uids)
        except UnexpectedCommandStatusError as error:
            raise NotSettled(said(error.command_result[1])) from None
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:  # the server does not know the command
            raise NotSettled(said(error)) from None

    def was_told_of_mail(self) -> bool:
        """Whether the server has told that the folder grew since `uids` was asked."""
        return self.client.response("EXISTS")[1] != [None]

    def finish(self) -> None:
        """Everything has taken effect already."""

    def break_off(self) -> None:
        """End the connection, whatever somebody waits for on it."""
        with suppress(OSError):  # it may be closed already
            self.client.sock.shutdown(SHUT_RDWR)

    def _select(self) -> bool:
        """Select the folder; whether it may be written to."""
        try:
            self.mailbox.folder.set(self._account.folder)
        except imaplib.IMAP4.readonly:
            self.mailbox.folder.set(self._account.folder, readonly=True)
            return False
        return True

    def _key(self) -> str:
        valid = self.client.response("UIDVALIDITY")[1][0]
        if not isinstance(valid, bytes) or not valid.isdigit():
            return ""
        return mailbox_key(self._account, f"{self._account.folder} {valid[:10].decode()}")

    def _obstacle_to_settling(self, writable: bool) -> str:
        flags = self.client.response("PERMANENTFLAGS")[1][0]
        if not writable:
            return "the folder is read-only"
        # A server that does not name them keeps all flags (RFC 3501 §7.1).
        lasting = flags.lower() if isinstance(flags, bytes) else rb"\seen \deleted"
        if self._account.after_fetch == "seen":
            return "" if rb"\seen" in lasting else "the folder keeps no marks of what was read"
        return "" if rb"\deleted" in lasting else "no mail may be deleted in this folder"

    def _capabilities(self) -> frozenset[str]:
        """What the server offers whoever has signed in, in upper case."""
        answer: tuple[str, Sequence[bytes | None]] = self.client.capability()
        return frozenset((answer[1][0] or b"").decode("ascii", "replace").upper().split())

    def _mark_seen(self, uids: Sequence[str]) -> None:
        # Not by imap-tools' `flag`, which also expunges the folder.
        self._do(MailboxFlagError, "STORE", ",".join(uids), "+FLAGS", r"(\Seen)")

    def _move(self, uids: Sequence[str]) -> None:
        listed, target = ",".join(uids), encode_folder(self._account.move_to)
        if "MOVE" in self.offers:
            self._do(MailboxMoveError, "MOVE", listed, target)
        else:
            self._do(MailboxCopyError, "COPY", listed, target)
            self._delete(uids)

    def _delete(self, uids: Sequence[str]) -> None:
        """Mark them deleted, and expunge them where that leaves others' deletions alone."""
        listed = ",".join(uids)
        self._do(MailboxDeleteError, "STORE", listed, "+FLAGS", r"(\Deleted \Seen)")
        if "UIDPLUS" in self.offers:
            self._do(MailboxExpungeError, "EXPUNGE", listed)

    def _do(
        self, kind: type[UnexpectedCommandStatusError], command: str, *arguments: str | bytes
    ) -> None:
        given = [a.decode("ascii") if isinstance(a, bytes) else a for a in arguments]
        check_command_status(self.client.uid(command, *given), kind)

    def _fetch(self, uids: Sequence[str], what: str) -> list[bytes | tuple[bytes, bytes]]:
        answer = self.client.uid("FETCH", ",".join(uids), what)
        check_command_status(answer, MailboxFetchError)
        return [item for item in answer[1] if item is not None]


def mailbox_key(account: IncomingAccount, place: str) -> str:
    """`place`, made different for each server and login: UIDs of two servers may be equal."""
    where = "\0".join((account.protocol, account.server.lower(), account.login))
    return f"{place} {sha256(where.encode()).hexdigest()[:16]}"
