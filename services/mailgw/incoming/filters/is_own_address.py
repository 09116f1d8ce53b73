"""Did one of our own accounts send it?"""

from __future__ import annotations

from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict


def is_own_address(mail: Mail) -> Verdict:
    """Yes when the sender is an account of this gateway: taking it in would make a loop."""
    if mail.sender.address.lower() in mail.own_addresses:
        return Verdict("is_own_address", "yes", f"own mail from {mail.sender.address}", own=True)
    return Verdict("is_own_address", "no")
