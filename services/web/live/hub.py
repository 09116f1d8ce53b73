"""The open streams of this gateway, and what happened lately."""

from __future__ import annotations

import threading
from collections import deque

from services.contracts.presence import Presence
from services.web import metrics
from services.web.live.happening import Happening, clock
from services.web.live.presence import PresenceBook, Present
from services.web.live.stream import Item, LookAgain, PresenceChanged, Stream

MOST_STREAMS = 400
MOST_OF_ONE_USER = 20
KEPT = 1000
# Gateways hear of an event at different moments by different clocks.
SLACK_MILLISECONDS = 1000


class TooManyStreams(Exception):
    """No more streams can be held open; the page asks now and then instead."""


class Hub:
    """Hands what happens to every open stream; what each may see, each finds out itself."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._lately: deque[Happening] = deque(maxlen=KEPT)
        self._hears_since: int | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._presence = PresenceBook()

    def open(self, user_id: int, since: int | None) -> Stream:
        """A new stream; it begins with what happened after `since` (milliseconds since 1970).

        Where that is not known any more, and for None, it begins with `LookAgain`. Raises
        TooManyStreams.
        """
        with self._lock:
            of_user = sum(stream.user_id == user_id for stream in self._streams)
            if self._closed or len(self._streams) >= MOST_STREAMS or of_user >= MOST_OF_ONE_USER:
                raise TooManyStreams
            stream = Stream(user_id, self._after(since))
            self._streams.add(stream)
            metrics.LIVE_STREAMS.set(len(self._streams))
        return stream

    def leave(self, stream: Stream) -> None:
        """A stream has ended."""
        with self._lock:
            self._streams.discard(stream)
            metrics.LIVE_STREAMS.set(len(self._streams))

    def begin_to_hear(self) -> None:
        """From now on nothing is missed; what was before, may have been."""
        with self._lock:
            self._hears_since = clock()
            self._lately.clear()
            self._tell(LookAgain())

    def happened(self, happening: Happening) -> None:
        """A case event was heard."""
        with self._lock:
            if len(self._lately) == KEPT:
                self._hears_since = self._lately[0].at + 1
            self._lately.append(happening)
            self._tell(happening)

    def doubt_rights(self) -> None:
        """Users or sections changed: every stream looks at what its user may see."""
        with self._lock:
            for stream in self._streams:
                stream.doubt()

    def note_presence(self, presence: Presence) -> None:
        """A page was opened, left, or does something else; others on the case are told."""
        if not self._presence.note(presence):
            return
        here = {one.user_id for one in self._presence.on(presence.number)}
        with self._lock:
            for stream in self._streams:
                if stream.user_id in here and stream.user_id != presence.user_id:
                    stream.put(PresenceChanged(presence.number))

    def others_on(self, number: int, user_id: int) -> list[Present]:
        """Who else has this case open."""
        return [one for one in self._presence.on(number) if one.user_id != user_id]

    def close(self) -> None:
        """End every stream at once, and open no other."""
        with self._lock:
            self._closed = True
            for stream in self._streams:
                stream.close()

    def _tell(self, item: Item) -> None:
        for stream in self._streams:
            stream.put(item)

    def _after(self, since: int | None) -> list[Item]:
        if since is None or self._hears_since is None:
            return [LookAgain()]
        begin = since - SLACK_MILLISECONDS
        missed = [one for one in self._lately if one.at >= begin]
        if begin < self._hears_since - SLACK_MILLISECONDS or len(missed) > MOST_OF_ONE_USER:
            return [LookAgain()]
        return list(missed)
