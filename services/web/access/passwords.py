"""Hashing passwords with argon2id, and checking them without telling who exists."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200
AT_ONCE = 2

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)  # each check takes 64 MiB; sixteen threads, 1 GiB
_nobodys_hash = _hasher.hash("the password of a user who does not exist")


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    with _turns:
        return _hasher.hash(password)


def password_matches(kept_hash: str | None, password: str) -> bool:
    """Whether it is the password behind the hash.

    Without a hash a fixed one is checked all the same: an unknown name takes as long as a
    wrong password, so that the time tells nobody which names exist.
    """
    with _turns:
        try:
            _hasher.verify(kept_hash or _nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept_hash is not None
