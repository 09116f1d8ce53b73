"""The signed token in an address that answers go to: which case, written to which side.

It reads `101p` and twenty characters: the case, `p` for the partner's side or `s` for ours, and
100 bits of an HMAC-SHA256 (RFC 2104) in base32 (RFC 4648 §6). In lower case, and read in any:
mail servers change it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.cases.model.signature import signature

Side = Literal["partner", "staff"]

SIGNATURE_CHARACTERS = 20
_PURPOSE = "casewire reply address"
_LETTERS: dict[Side, str] = {"partner": "p", "staff": "s"}
_SIDES: dict[str, Side] = {letter: side for side, letter in _LETTERS.items()}
_TOKEN = re.compile(rf"([1-9][0-9]{{0,8}})([ps])([a-z2-7]{{{SIGNATURE_CHARACTERS}}})", re.ASCII)


@dataclass(frozen=True)
class ReplyToken:
    """What a token with a true signature says."""

    case_number: int
    side: Side


def make_token(key: str, number: int, side: Side) -> str:
    """The token of a case for one side, signed with this key."""
    return f"{number}{_LETTERS[side]}{_signature(key, number, side)}"


def read_token(keys: Iterable[str], token: str) -> ReplyToken | None:
    """What the token says, when one of these keys signed it; else None."""
    parts = _TOKEN.fullmatch(token.strip().lower())
    if parts is None:
        return None
    number, side = int(parts[1]), _SIDES[parts[2]]
    for key in keys:
        if hmac.compare_digest(_signature(key, number, side), parts[3]):
            return ReplyToken(number, side)
    return None


def _signature(key: str, number: int, side: Side) -> str:
    return signature(key, SIGNATURE_CHARACTERS, _PURPOSE, number, side)
