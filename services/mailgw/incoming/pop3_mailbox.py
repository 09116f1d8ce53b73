"""A POP3 mailbox (RFC 1939): its mails by UIDL, and their removal once they are stored."""

from __future__ import annotations

import poplib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from socket import SHUT_RDWR

from services.mailgw.errors import MailWithheld, NotSettled, ServerRefused
from services.mailgw.incoming.imap_folder import mailbox_key
from services.mailgw.incoming.pop3_client import MOST_LISTING_BYTES, Pop3Client
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.refusals import said

MOST_UID_CHARACTERS = 100
MOST_DIGITS = 15
# An announced size may leave out what the server adds to each line.
SPARE_BYTES = 1024 * 1024


class Pop3Mailbox:
    """What fetching needs of a mailbox; every mail is named by its UIDL.

    POP3 has no flag for what was read, so stored mails have to be remembered. The server removes
    the deleted ones at the end of a session that ended well (RFC 1939 §6).
    """

    remembers = True

    def __init__(self, client: Pop3Client, account: IncomingAccount) -> None:
        self.client = client
        self._account = account
        self._mails: dict[str, tuple[int, int]] = {}  # number and size by name
        self.key = mailbox_key(account, "pop3")

    def uids(self) -> list[str]:
        """All mails, in the server's order. Raises ServerRefused when it gives them no names."""
        sizes = {n: int(size) for n, size in self._listed("LIST") if _is_number(size)}
        try:
            self._mails = {
                _short(name): (number, sizes[number])
                for number, name in self._listed("UIDL")
                if number in sizes
            }
        except poplib.error_proto as error:
            raise ServerRefused(
                f"{self._account.server} does not tell its mails apart (no UIDL: {said(error)}), "
                "so that they cannot be fetched once each; use IMAP"
            ) from None
        return list(self._mails)

    def sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """The size in bytes of each."""
        return {uid: self._mails[uid][1] for uid in uids}

    def contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these mails. Raises MailWithheld when one is not handed out."""
        found: dict[str, bytes] = {}
        for uid in uids:
            number, size = self._mails[uid]
            try:
                found[uid] = self.client.block(f"RETR {number}", 2 * size + SPARE_BYTES)
            except poplib.error_proto as error:
                raise MailWithheld(said(error)) from None
        return found

    def settle(self, uids: Sequence[str]) -> None:
        """Mark these for removal, where the account says so. Raises NotSettled."""
        if self._account.after_fetch != "delete":
            return
        for uid in uids:
            try:
                self.client.dele(self._mails[uid][0])
            except poplib.error_proto as error:
                raise NotSettled(said(error)) from None

    def finish(self) -> None:
        """Let the server remove what is marked, and end the session."""
        self.client.quit()

    def break_off(self) -> None:
        """End the connection, whatever somebody waits for on it."""
        with suppress(OSError):  # it may be closed already
            self.client.sock.shutdown(SHUT_RDWR)

    def _listed(self, command: str) -> Iterator[tuple[int, str]]:
        """Number and word of each mail, as `LIST` and `UIDL` tell them."""
        for line in BytesIO(self.client.block(command, MOST_LISTING_BYTES)):
            words = line.decode("latin-1").split()
            if len(words) >= 2 and _is_number(words[0]):
                yield int(words[0]), words[1]


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS


def _short(name: str) -> str:
    if len(name) <= MOST_UID_CHARACTERS and name.isascii():
        return name
    return sha256(name.encode()).hexdigest()
