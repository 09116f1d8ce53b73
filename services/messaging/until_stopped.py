"""Keeping at what needs the broker, however often that goes away."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from services.messaging.publisher import BUS_TROUBLE

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0

log = structlog.get_logger()


def until_stopped(
    work: Callable[[], None], stopping: threading.Event, words: str, **about: object
) -> None:
    """Call `work` until stopped; trouble with the broker is logged as `words` and waited out."""
    pause = FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        try:
            work()
            pause = FIRST_PAUSE_SECONDS
        except BUS_TROUBLE as error:
            log.warning(words, error=str(error), seconds=pause, **about)
            stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
