"""Links into the portal: into which mails they go, and out of which texts they are taken."""

from __future__ import annotations

from collections.abc import Sequence

from services.cases import reply_keys
from services.cases.actions.origin import Origin
from services.cases.model.portal_token import Opens, make_portal_token, without_portal_tokens
from services.cases.portal_access import portal_contact
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Address, MailReceivedData, PortalLink
from services.messaging.transaction import Transaction


def link_for(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    recipients: Sequence[Address],
    opens: Opens = "case",
) -> PortalLink | None:
    """The link for the case's contact, where he is among these recipients and may have one.

    Watchers get none, on whichever side they are: the link is the contact's voice.
    """
    contact = portal_contact(transaction.connection, case)
    address = contact.address.lower() if contact else ""
    if not any(one.address.lower() == address for one in recipients):
        return None
    key = reply_keys.signing_key(transaction.connection)
    token = make_portal_token(key, case.number, address, opens, origin.at)
    return PortalLink(address=address, token=token, opens=opens)


def without_links(mail: MailReceivedData) -> MailReceivedData:
    """The mail as it is kept and passed on: what it quotes of ours gives nobody its sender's
    voice."""
    return mail.model_copy(
        update={
            "subject": without_portal_tokens(mail.subject),
            "text": without_portal_tokens(mail.text),
            "quoted": without_portal_tokens(mail.quoted),
            "html": None if mail.html is None else without_portal_tokens(mail.html),
        }
    )
