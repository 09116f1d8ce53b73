"""Reading address lists, however broken."""

from __future__ import annotations

import re
from email.utils import getaddresses

from services.contracts.mail import Address
from services.mailgw.incoming.headers import decode_words

MOST_ADDRESSES = 10_000
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,64}@[^\s<>,;:\"()@]{1,255}")


def read_addresses(values: tuple[str, ...]) -> tuple[Address, ...]:
    """The usable addresses of these header values, each once, in order.

    Lists are split before encoded words are decoded, so that a name cannot smuggle
    an address in.
    """
    found: dict[str, Address] = {}
    for name, address in getaddresses(list(values)):
        usable = _ADDRESS.fullmatch(decode_words(address).strip().rstrip("."))
        if usable:
            found.setdefault(usable[0].lower(), Address(address=usable[0], name=_name(name)))
        if len(found) >= MOST_ADDRESSES:
            break
    return tuple(found.values())


def _name(raw: str) -> str:
    return decode_words(raw).strip().strip("\"'")[:200]
