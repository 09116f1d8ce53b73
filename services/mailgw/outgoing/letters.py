"""One mail, and who gets which words of it: a link into the portal is for one recipient alone."""

from __future__ import annotations

from collections.abc import Sequence

from services.contracts.mail import MailSendData
from services.mailgw.outgoing.headers import wire_address


def letters_of(
    data: MailSendData, recipients: Sequence[str]
) -> list[tuple[list[str], MailSendData]]:
    """Recipients with what the mail says to them, all under one Message-ID and the same headers.

    Whoever else is in copy gets it without the link: it would let him speak as its owner.
    """
    if data.portal is None:
        return [(list(recipients), data)]
    owner = wire_address(data.portal.address)
    his = [one for one in recipients if owner is not None and one.lower() == owner.lower()]
    others = [one for one in recipients if one not in his]
    plain = data.model_copy(update={"portal": None})
    return [(group, said) for group, said in ((his, data), (others, plain)) if group]
