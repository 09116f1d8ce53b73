"""A bound on how long an answer may take in all, however slowly it drips in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.mailgw.refusals import TROUBLE

PATIENCE_SECONDS = 30.0
SLOWEST_BYTES_A_SECOND = 50_000


def allowed_seconds(size_bytes: int) -> float:
    """How long so many bytes may take."""
    return PATIENCE_SECONDS + size_bytes / SLOWEST_BYTES_A_SECOND


@contextmanager
def deadline(seconds: float, break_off: Callable[[], None]) -> Iterator[None]:
    """Call `break_off` when the block takes longer; its trouble then is a TimeoutError."""
    late = threading.Event()

    def ring() -> None:
        late.set()
        break_off()

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    except TROUBLE:
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
