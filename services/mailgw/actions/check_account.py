"""Try an account's server, and say in words what is wrong (M1, M2)."""

from __future__ import annotations

from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.imap_folder import Folder
from services.mailgw.incoming.mailbox import opened
from services.mailgw.model.accounts import Account, IncomingAccount
from services.mailgw.outgoing.send import Session

TIMEOUT_SECONDS = 8.0  # somebody waits at a page


def check_account(account: Account, password: str) -> str:
    """What is wrong, or an empty text when the server lets us in."""
    try:
        if isinstance(account, IncomingAccount):
            _check_incoming(account, password)
        else:
            session = Session(account, password, TIMEOUT_SECONDS)
            session.open()
            session.close()
    except ServerRefused as error:
        return str(error)
    return ""


def _check_incoming(account: IncomingAccount, password: str) -> None:
    if not account.is_fetched:
        return
    with opened(account, password, TIMEOUT_SECONDS) as mailbox:
        if not isinstance(mailbox, Folder) or account.after_fetch != "move":
            return
        if not mailbox.mailbox.folder.exists(account.move_to):
            where = f"{account.server} (port {account.port})"
            raise ServerRefused(f"{where} has no folder {account.move_to!r} to move mails to")
