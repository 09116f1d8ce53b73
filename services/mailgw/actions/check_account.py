"""Try an account's server, and say in words what is wrong (M1, M2)."""

from __future__ import annotations

from services.mailgw.errors import ServerRefused
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
    if account.protocol == "imap":
        with opened(account, password, TIMEOUT_SECONDS):
            return
