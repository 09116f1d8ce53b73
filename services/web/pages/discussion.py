"""The discussion of a case, ready to be shown as one thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.contracts.case_commands import CaseView, DiscussionEntry
from services.web.translation import gettext

SHOWN_OPEN = 6


@dataclass(frozen=True)
class Entry:
    """An entry of the thread; `folded` ones show only their first line until clicked."""

    message: DiscussionEntry
    author: str
    address: str
    side: str
    label: str
    folded: bool


def thread(messages: Iterable[DiscussionEntry]) -> list[Entry]:
    """The entries, the oldest first; in a long thread all but the first and last are folded."""
    entries = list(messages)
    last_open = len(entries) - (SHOWN_OPEN - 1)
    return [
        _entry(message, folded=0 < position < last_open) for position, message in enumerate(entries)
    ]


def description_apart(case: CaseView) -> str:
    """The description, unless it is but the first mail again."""
    first = case.messages[0].text.strip() if case.messages else ""
    return "" if case.description.strip() == first else case.description


def _entry(message: DiscussionEntry, folded: bool) -> Entry:
    name, _, address = message.author.partition("<")
    address = address.rstrip("> ")
    if message.kind == "note":
        side, label = "note", gettext("Internal note")
    elif message.direction == "in":
        side, label = "in", gettext("Mail")
    else:
        side, label = "out", gettext("Reply") if message.kind == "reply" else gettext("Mail sent")
    return Entry(message, name.strip() or address, address, side, label, folded)
