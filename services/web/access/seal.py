"""Secrets that we have to read again ourselves, encrypted at rest."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """The key of the web service is not the one that this was sealed with."""


class Seal:
    """Encrypts for one use, with a key derived from the first web key (HKDF, RFC 5869).

    What was encrypted by any of them it opens.
    """

    def __init__(self, web_keys: Sequence[str], purpose: str) -> None:
        self._fernet = MultiFernet([_derived(key, purpose) for key in web_keys])

    def close(self, secret: str) -> str:
        """The secret, encrypted."""
        return self._fernet.encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The secret. Raises SealBroken."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken as error:
            raise SealBroken("the web key has changed since this was kept") from error


def _derived(web_key: str, purpose: str) -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"casewire {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(kdf.derive(web_key.encode())))
