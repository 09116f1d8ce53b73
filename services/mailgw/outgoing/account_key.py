"""The key that an outgoing account signs its mails with."""

from __future__ import annotations

from sqlalchemy import Connection

from services.mailgw import accounts
from services.mailgw.errors import UnusableSigningKey
from services.mailgw.model.accounts import OutgoingAccount
from services.mailgw.outgoing.dkim_signature import SigningKey, signing_key
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.vault import Vault


def signing_key_of(
    connection: Connection, vault: Vault, account: OutgoingAccount
) -> SigningKey | None:
    """The account's key, where it signs. Raises UnusableSigningKey: its mails wait then.

    To send them unsigned would have them refused or taken for forged where the domain's
    policy asks for a signature.
    """
    if not account.dkim_selector:
        return None
    text = accounts.secret_of(connection, vault, account, "dkim_key")
    if not text:
        raise UnusableSigningKey("the DKIM key is missing: give it, or empty the selector")
    domain = (wire_address(account.address) or account.address).rpartition("@")[2].lower()
    return signing_key(account.dkim_selector, domain, text)
