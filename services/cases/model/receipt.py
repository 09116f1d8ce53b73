"""What a receipt tells of a mail, in words (RFC 8098 §3.2.6)."""

from __future__ import annotations

_DONE = {
    "displayed": "was read",
    "deleted": "was deleted unread",
    "dispatched": "was sent on by a program",
    "processed": "was taken by a program",
    "denied": "was opened, but its reader confirms nothing",
    "failed": "could not be confirmed",
}


def receipt_words(disposition: str) -> str:
    """ "tells that a mail was deleted unread"; what is not known is told as it is."""
    done = _DONE.get(disposition)
    if done is not None:
        return f"tells that a mail {done}"
    return "tells what became of a mail" + (f": {disposition}" if disposition else "")
