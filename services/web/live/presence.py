"""Who has which case open just now, as far as this gateway has heard."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic

from services.contracts.presence import Doing, Presence

LASTS_SECONDS = 30.0
MOST_PAGES_OF_A_CASE = 100
# Of what somebody does in several pages, the most telling is shown.
RANK: tuple[Doing, ...] = ("gone", "looking", "editing", "answering")


@dataclass(frozen=True)
class Present:
    """Somebody who has a case open, and what he does there."""

    user_id: int
    name: str
    doing: Doing


class PresenceBook:
    """Open pages by case; one not heard of for half a minute counts no more.

    Every gateway hears of every page, so all books say the same within a moment.
    """

    def __init__(self) -> None:
        self._pages: dict[int, dict[str, tuple[float, Presence]]] = {}
        self._swept = monotonic()
        self._lock = threading.Lock()

    def note(self, presence: Presence) -> bool:
        """Take down what was heard; whether who is there, or what they do, has changed by it."""
        moment = monotonic()
        with self._lock:
            before = self._present(presence.number, moment)
            pages = self._pages.setdefault(presence.number, {})
            pages.pop(presence.tab, None)
            pages[presence.tab] = (moment, presence)
            if len(pages) > MOST_PAGES_OF_A_CASE:
                del pages[next(iter(pages))]
            self._sweep(moment)
            return self._present(presence.number, moment) != before

    def on(self, number: int) -> list[Present]:
        """Who has this case open, each once, in the order of their names."""
        with self._lock:
            found = self._present(number, monotonic())
        return sorted(found.values(), key=lambda one: (one.name.casefold(), one.user_id))

    def _present(self, number: int, moment: float) -> dict[int, Present]:
        found: dict[int, Present] = {}
        for heard_at, page in self._pages.get(number, {}).values():
            if page.doing == "gone" or moment - heard_at > LASTS_SECONDS:
                continue
            known = found.get(page.user_id)
            if known is None or RANK.index(page.doing) > RANK.index(known.doing):
                found[page.user_id] = Present(page.user_id, page.name, page.doing)
        return found

    def _sweep(self, moment: float) -> None:
        """Forget, now and then, what counts no more."""
        if moment - self._swept < LASTS_SECONDS:
            return
        self._swept = moment
        for number, pages in list(self._pages.items()):
            kept = {tab: one for tab, one in pages.items() if moment - one[0] <= LASTS_SECONDS}
            self._pages[number] = kept
            if not kept:
                del self._pages[number]
