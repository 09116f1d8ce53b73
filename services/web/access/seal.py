"""Secrets that we have to read again ourselves, encrypted at rest."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The key of the web service is not the one that this was sealed with."""


class Seal:
    """Encrypts with a key derived from that of the web service (HKDF, RFC 5869), for one use."""

    def __init__(self, web_key: str, purpose: str) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"casewire {purpose}".encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(kdf.derive(web_key.encode())))

    def close(self, secret: str) -> str:
        """The secret, encrypted."""
        return self._fernet.encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The secret. Raises SealBroken."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken as error:
            raise SealBroken("the web key has changed since this was kept") from error
