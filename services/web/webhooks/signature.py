"""Signing a delivery as the Standard Webhooks specification has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret for one webhook: `whsec_` and 256 random bits in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signature(secret: str, message_id: str, at: datetime, body: str) -> str:
    """`v1,` and the HMAC-SHA256 of "id.timestamp.body" in base64, under the secret's bytes."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = f"{message_id}.{int(at.timestamp())}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


def headers(
    secrets_held: Iterable[str], message_id: str, at: datetime, body: str
) -> dict[str, str]:
    """The headers of a delivery; with two secrets it is signed by both, with a blank between.

    So a receiver can go over to a new secret in his own time.
    """
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(s, message_id, at, body) for s in secrets_held),
    }
