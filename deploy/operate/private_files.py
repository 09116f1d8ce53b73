"""What operators' commands write holds mails and keys: it is nobody else's to read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_files() -> Iterator[None]:
    """New files and folders of this process are its user's alone; behind it, as before."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
