"""From where a request comes, and with what program: what is noted of sessions and tries."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from flask import request
from flask_limiter.util import get_remote_address

UNKNOWN = "an unknown program"
LONGEST_ADDRESS = 64
LONGEST_PROGRAM = 100
# The first that fits: most browsers name others as well.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_FIRST_WORD = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True)
class Visitor:
    """`address` is an IP address, as our proxies name it; `program` a few words."""

    address: str
    program: str

    @property
    def network(self) -> str:
        """What tries are counted for: an IPv6 visitor has 2^64 addresses, and is one."""
        try:
            known = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if known.version == 4:
            return self.address
        if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))


def visitor() -> Visitor:
    """Whoever makes the present request."""
    address = get_remote_address()[:LONGEST_ADDRESS]
    return Visitor(address, program_words(request.headers.get("User-Agent", "")))


def program_words(user_agent: str) -> str:
    """The User-Agent header (RFC 9110 §10.1.5) as people say it: "Firefox on Linux"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    first = _FIRST_WORD.match(user_agent)
    return (browser or system or (first[0] if first else UNKNOWN))[:LONGEST_PROGRAM]
