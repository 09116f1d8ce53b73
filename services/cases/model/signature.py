"""The signature of a token that people carry about: an HMAC-SHA256, cut to what is enough."""

from __future__ import annotations

import base64
import hashlib
import hmac


def signature(key: str, characters: int, *said: object) -> str:
    """So many characters of the HMAC (RFC 2104), 5 bits each: base32 (RFC 4648 §6), lower case.

    `key` is in hexadecimal digits. What is `said` begins with the token's purpose, so that none
    is taken for one of another kind.
    """
    text = "\n".join(str(one) for one in said).encode()
    digest = hmac.new(bytes.fromhex(key), text, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:characters]
