"""The signed token of a link into the partners' portal: one contact's right to one case.

It reads `101-cmf3k2x9q-` and 26 characters: the case, `c` for it alone or `m` for all cases of
its contact, when it was given out (milliseconds in base36), and 130 bits of an HMAC-SHA256
(RFC 2104) in base32 (RFC 4648 §6). The contact's address is signed, too, and stands in no link.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from services.cases.model.signature import signature

Opens = Literal["case", "cases"]

CASE_LASTS = timedelta(days=90)  # since it was given out, or since the case's last action
CASES_LAST = timedelta(hours=24)
SIGNATURE_CHARACTERS = 26
_PURPOSE = "casewire portal link"
_LETTERS: dict[Opens, str] = {"case": "c", "cases": "m"}
_OPENS: dict[str, Opens] = {letter: opens for opens, letter in _LETTERS.items()}
_SHAPE = rf"([1-9][0-9]{{0,8}})-([cm])([0-9a-z]{{7,9}})-([a-z2-7]{{{SIGNATURE_CHARACTERS}}})"
_TOKEN = re.compile(_SHAPE, re.ASCII)
# Also where a mail program or a guard against evil links has encoded the address (RFC 3986 §2.1).
_IN_TEXT = re.compile(rf"(portal(?:/|%2F|%252F)){_SHAPE}", re.ASCII | re.IGNORECASE)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
REMOVED = "…"


@dataclass(frozen=True)
class PortalToken:
    """What a token says; nothing of it is true before `is_signed` has said so."""

    number: int
    opens: Opens
    issued_ms: int
    signature: str

    @property
    def issued_at(self) -> datetime:
        """When it was given out."""
        return datetime.fromtimestamp(self.issued_ms / 1000, UTC)


def make_portal_token(key: str, number: int, address: str, opens: Opens, at: datetime) -> str:
    """The token for the contact at this address, given out now, signed with this key."""
    issued_ms = int(at.timestamp() * 1000)
    signature = _signature(key, number, address, opens, issued_ms)
    return f"{number}-{_LETTERS[opens]}{_in_base36(issued_ms)}-{signature}"


def parse_portal_token(text: str) -> PortalToken | None:
    """What the token claims; None for what has not the shape of one."""
    parts = _TOKEN.fullmatch(text.strip().lower())
    if parts is None:
        return None
    return PortalToken(int(parts[1]), _OPENS[parts[2]], int(parts[3], 36), parts[4])


def is_signed(keys: Iterable[str], token: PortalToken, address: str) -> bool:
    """Whether one of these keys signed it for this address."""
    said = (token.number, address, token.opens, token.issued_ms)
    return any(hmac.compare_digest(_signature(key, *said), token.signature) for key in keys)


def is_over(token: PortalToken, last_action_at: datetime, at: datetime) -> bool:
    """Whether its time is up: what goes on on the case renews a link to the case alone."""
    if token.opens == "cases":
        return at > token.issued_at + CASES_LAST
    return at > max(token.issued_at, last_action_at) + CASE_LASTS


def without_portal_tokens(text: str) -> str:
    """The text with the token taken out of each link into the portal: it is for one alone."""
    return _IN_TEXT.sub(rf"\1{REMOVED}", text) if "portal" in text.lower() else text


def _signature(key: str, number: int, address: str, opens: Opens, issued_ms: int) -> str:
    said = (_PURPOSE, number, address.lower(), opens, issued_ms)
    return signature(key, SIGNATURE_CHARACTERS, *said)


def _in_base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
