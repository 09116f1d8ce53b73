"""Was it written to an address that we gave out for answers, as support+101p…@ours.example?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.contracts.mail import Address
from services.contracts.plus_addresses import readings
from services.mailgw.incoming.addresses import read_addresses
from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict

# What mail servers write of the address they deliver to, where To names another.
ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")
# The cases service signs and checks it; here it is known by its looks, for a section may give
# out an address that is no account's.
_LOOKS_SIGNED = re.compile(r"[1-9][0-9]{0,8}[a-z][a-z2-7]{16,40}", re.ASCII)


def has_reply_token(mail: Mail) -> Verdict:
    """Yes with the tag behind the plus sign; whether its signature is true, cases finds.

    One that looks signed goes before any other tag of an address of ours.
    """
    tags = [pair for one in _recipients(mail) for pair in readings(one.address)]
    signed = [pair for pair in tags if _LOOKS_SIGNED.fullmatch(pair[1])]
    for base, tag in (*signed, *(pair for pair in tags if pair[0] in mail.own_addresses)):
        why = f"it was written to {base} with a tag"
        return Verdict("has_reply_token", "yes", why, reply_token=tag)
    return Verdict("has_reply_token", "no")


def _recipients(mail: Mail) -> Iterator[Address]:
    yield from (*mail.to, *mail.cc)
    for name in ENVELOPE:
        yield from read_addresses(mail.headers.get(name, ()))
