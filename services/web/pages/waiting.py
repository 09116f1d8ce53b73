"""Telling somebody whose tries were too many when the next one is taken."""

from __future__ import annotations

from datetime import datetime

from services.runtime.clock import now
from services.web.access.trying import Tried
from services.web.pages.moments import pause
from services.web.translation import gettext


def again(again_at: datetime) -> str:
    """When to try again, as a sentence."""
    return gettext("Try again in %(pause)s.", pause=pause(again_at - now()))


def retry_after(again_at: datetime) -> dict[str, str]:
    """The same as a header (RFC 9110 §10.2.3), in seconds."""
    return {"Retry-After": str(max(1, round((again_at - now()).total_seconds())))}


def with_pause(tried: Tried, words: str) -> str:
    """What was wrong with a try, and when the next one is taken where it has to wait."""
    if tried.again_at is None:
        return words
    too_many = gettext("Too many tries have failed.")
    told = f"{too_many} {again(tried.again_at)}"
    return told if tried.outcome == "locked" else f"{words} {told}"
