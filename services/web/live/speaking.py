"""What goes over the wire of one stream: server-sent events (WHATWG HTML §9.2)."""

from __future__ import annotations

import json
import random
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Literal

from structlog import get_logger

from services.contracts.errors import ServiceAway, UnreadableMessage
from services.web.live.eyes import Eyes
from services.web.live.happening import Happening, clock
from services.web.live.stream import Item, PresenceChanged, Stream

log = get_logger()

TICK_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
LOOK_AT_RIGHTS_SECONDS = 30.0
# A browser that takes nothing for so long is given up, so that no thread waits for it for ever.
SEND_SECONDS = 10.0


class Speaker:
    """Says what a stream has to tell to its browser.

    `look` answers what the user may see by now, None once his session has ended. It may raise
    ServiceAway: then what happens waits until it is known. `connection` is that to the browser.
    """

    def __init__(
        self,
        stream: Stream,
        eyes: Eyes,
        look: Callable[[], Eyes | None],
        connection: socket.socket | None,
    ) -> None:
        self._stream = stream
        self._eyes = eyes
        self._look = look
        self._connection = connection
        self._looked = self._spoke = monotonic()

    def speak(self) -> Iterator[str]:
        """The text, until the stream is closed, its browser is gone or the session has ended."""
        if self._connection is not None:
            self._connection.settimeout(SEND_SECONDS)
        # Not all at the same moment, when a gateway was restarted.
        yield f"retry: {random.randint(1000, 4000)}\n: here you hear what happens\n\n"
        while not self._stream.closed and not _is_gone(self._connection):
            rights = self._rights()
            if rights == "ended":
                yield "event: ended\ndata: {}\n\n"
                return
            text = self._next() if rights == "known" else self._heartbeat()
            if text:
                self._spoke = monotonic()
                yield text
            self._stream.wait(TICK_SECONDS, only_for_its_end=rights == "unknown")
        self._hang_up()

    def _hang_up(self) -> None:
        """gunicorn would wait for each browser to close its end, one behind the other."""
        if self._connection is not None:
            with suppress(OSError):  # it is gone already
                self._connection.shutdown(socket.SHUT_RDWR)

    def _next(self) -> str:
        return "".join(told(i, self._eyes) for i in self._stream.take()) or self._heartbeat()

    def _heartbeat(self) -> str:
        due = monotonic() - self._spoke > HEARTBEAT_SECONDS
        return ": still here\n\n" if due else ""

    def _rights(self) -> Literal["known", "unknown", "ended"]:
        doubted = self._stream.was_doubted()
        if not doubted and monotonic() - self._looked < LOOK_AT_RIGHTS_SECONDS:
            return "known"
        try:
            found = self._look()
        except ServiceAway:
            self._stream.doubt()
            return "unknown"
        if found is None:
            return "ended"
        self._eyes, self._looked = found, monotonic()
        return "known"


def told(item: Item, eyes: Eyes) -> str:
    """An item as the stream says it; nothing for a case that the user may not see."""
    if isinstance(item, Happening):
        try:
            visible = eyes.see(item.event.data.case)
        except UnreadableMessage as error:  # of a newer release, say
            log.error("event not told", type=item.type, error=str(error))
            return ""
        body = json.dumps(item.told) if visible else ""
        return body and f"event: changed\nid: {item.at}\ndata: {body}\n\n"
    if isinstance(item, PresenceChanged):
        return f"event: presence\ndata: {json.dumps({'number': item.number})}\n\n"
    return f"event: refresh\nid: {clock()}\ndata: {{}}\n\n"


def _is_gone(connection: socket.socket | None) -> bool:
    """Whether the browser has closed the connection: it says nothing else on it."""
    if connection is None:
        return False
    try:
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        return bool(readable.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
