"""What is kept of a secret that is given out once: of a token, or of a feed's address."""

from __future__ import annotations

import hashlib


def digest(secret: str) -> str:
    """SHA-256 in 64 hexadecimal digits."""
    # Plain SHA-256 will do: the secret is 256 random bits, no dictionary holds it.
    return hashlib.sha256(secret.encode()).hexdigest()
