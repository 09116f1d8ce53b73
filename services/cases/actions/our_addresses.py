"""Where mail reaches us: never a watcher, never whom a case is about."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases import directory
from services.contracts.directory import Section
from services.contracts.mail import MailReceivedData
from services.contracts.plus_addresses import is_among


def our_addresses(connection: Connection, mail: MailReceivedData, *, by_user: bool) -> set[str]:
    """Our addresses, in lower case; with a tag behind a plus sign they are ours as well.

    The mail came to us by one of its recipients. When we know none of them as ours it is the
    first (for a mail of our own user, who writes to somebody else with us in copy, the first
    in Cc): taking it for a stranger would have us write to ourselves.
    """
    known = {address.lower() for address in mail.own_addresses}
    for section in directory.every(connection, Section):
        if section.reply_address:
            known.add(section.reply_address.lower())
    if not any(is_among(one.address, known) for one in (*mail.to, *mail.cc)):
        likely = mail.cc if by_user and mail.cc else (*mail.to, *mail.cc)
        known |= {one.address.lower() for one in likely[:1]}
    return known
