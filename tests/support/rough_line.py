"""A TCP line before a server of the tests: slow, silent, refused or broken off, as it is told."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

from support.ports import free_port

Way = Literal["there", "back"]  # to the server, and from it
RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: no good-bye, a reset
CHUNK_BYTES = 65_536


class RoughLine:
    """Passes on every connection on `port` to `upstream` of this machine.

    `seconds` is how long each chunk is on its way, `bytes_a_second` how fast it goes (0: as fast
    as it can). All lines share a thread with an event loop.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.port = free_port()
        self.seconds = 0.0
        self.bytes_a_second = 0
        self._open: dict[Way, asyncio.Event] = {}
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._wait(self._listen())

    def silence(self, ways: tuple[Way, ...]) -> None:
        """Pass nothing on any more in these directions; nobody is told."""
        self._wait(self._set_open(ways, False))

    def refuse(self) -> None:
        """Reset every connection and take no new ones."""
        self._wait(self._refuse())

    def reset(self) -> None:
        """Reset every connection; new ones are taken."""
        self._wait(self._reset())

    def heal(self) -> None:
        """Pass everything on again, what was kept back as well."""
        self.seconds, self.bytes_a_second = 0.0, 0
        self._wait(self._listen())

    def close(self) -> None:
        """Take no more connections and end those there are."""
        self.refuse()

    async def _listen(self) -> None:
        await self._set_open(("there", "back"), True)
        if self._server is None:
            self._server = await asyncio.start_server(
                self._pass_on, "127.0.0.1", self.port, reuse_address=True
            )

    async def _set_open(self, ways: tuple[Way, ...], is_open: bool) -> None:
        for way in ways:
            event = self._open.setdefault(way, asyncio.Event())
            if is_open:
                event.set()
            else:
                event.clear()

    async def _refuse(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        await self._reset()

    async def _reset(self) -> None:
        for end in list(self._ends):
            _reset(end)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:  # the server is away, and so are we
            _reset(writer)
            return
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(
                self._carry("there", reader, far_writer), self._carry("back", far_reader, writer)
            )
        finally:
            self._ends -= ends

    async def _carry(
        self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                wait = self.seconds
                if self.bytes_a_second:
                    wait += len(chunk) / self.bytes_a_second
                if wait:
                    await asyncio.sleep(wait)
                await self._open[way].wait()
                writer.write(chunk)
                await writer.drain()
        if not writer.is_closing():
            with suppress(OSError):
                writer.close()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, _loop()).result(30)


def _reset(end: asyncio.StreamWriter) -> None:
    line = end.get_extra_info("socket")
    if line is not None:
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    end.transport.abort()


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all lines, in a thread of its own."""
    with _starting:
        if not _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="lines", daemon=True).start()
            _loops.append(loop)
    return _loops[0]


_loops: list[asyncio.AbstractEventLoop] = []
_starting = threading.Lock()
