"""The discussion of a case, ready to be shown as one thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo

from services.contracts.case_commands import CaseView, DiscussionEntry
from services.runtime.clock import now
from services.web.pages.moments import day as day_words
from services.web.pages.moments import weekday
from services.web.translation import gettext

SHOWN_OPEN = 6
# A text longer than this stands open with its beginning alone.
LONG_LINES, LONG_CHARACTERS = 40, 4_000
BEGINNING_LINES, BEGINNING_CHARACTERS = 20, 2_000


@dataclass(frozen=True)
class Entry:
    """An entry of the thread; `folded` ones show only their first line until clicked.

    `day` is said above the first entry of each day, else empty. `rest` is what follows the
    beginning of a long text, else empty.
    """

    message: DiscussionEntry
    author: str
    address: str
    side: str
    label: str
    folded: bool
    day: str = ""
    beginning: str = ""
    rest: str = ""


def thread(messages: Iterable[DiscussionEntry], zone: tzinfo = UTC) -> list[Entry]:
    """The entries, the oldest first; in a long thread all but the first and last are folded."""
    entries = list(messages)
    last_open = len(entries) - (SHOWN_OPEN - 1)
    days = [message.at.astimezone(zone).date() for message in entries]
    today = now().astimezone(zone).date()
    return [
        _entry(
            message,
            folded=0 < place < last_open,
            day=_said(days[place], today) if place == 0 or days[place] != days[place - 1] else "",
        )
        for place, message in enumerate(entries)
    ]


def description_apart(case: CaseView) -> str:
    """The description, unless it is but the first mail again."""
    first = case.messages[0].text.strip() if case.messages else ""
    return "" if case.description.strip() == first else case.description


def parted(text: str) -> tuple[str, str]:
    """The beginning of a long text and its rest, cut at the end of a line where there is one."""
    lines = text.split("\n")
    if len(lines) <= LONG_LINES and len(text) <= LONG_CHARACTERS:
        return text, ""
    beginning = "\n".join(lines[:BEGINNING_LINES])
    if len(beginning) > BEGINNING_CHARACTERS:
        beginning = text[: _end_of_word(text, BEGINNING_CHARACTERS)]
    return beginning, text[len(beginning) :].lstrip("\n")


def _end_of_word(text: str, most: int) -> int:
    """Where to cut so that no word, and so no address, is torn apart; `most` if there is none."""
    ends = [text.rfind(blank, most // 2, most) for blank in "\n "]
    return max(ends) if max(ends) > 0 else most


def _said(day: date, today: date) -> str:
    if day == today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    return f"{weekday(day.weekday())}, {day_words(day)}"


def _entry(message: DiscussionEntry, folded: bool, day: str) -> Entry:
    name, _, address = message.author.partition("<")
    address = address.rstrip("> ")
    if message.kind == "note":
        note = gettext("Mail kept as a note") if message.message_id else gettext("Internal note")
        side, label = "note", note
    elif message.direction == "in":
        side, label = "in", gettext("Mail")
    else:
        side, label = "out", gettext("Reply") if message.kind == "reply" else gettext("Mail sent")
    author = name.strip() or address
    return Entry(message, author, address, side, label, folded, day, *parted(message.text))
