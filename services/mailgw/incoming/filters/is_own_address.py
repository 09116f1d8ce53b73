"""Did one of our own accounts send it?"""

from __future__ import annotations

from services.contracts.plus_addresses import is_among
from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict


def is_own_address(mail: Mail) -> Verdict:
    """Yes when the sender is an account of this gateway: taking it in would make a loop.

    With a tag behind a plus sign the address is that of the account as well.
    """
    if is_among(mail.sender.address, mail.own_addresses):
        return Verdict("is_own_address", "yes", f"own mail from {mail.sender.address}", own=True)
    return Verdict("is_own_address", "no")
