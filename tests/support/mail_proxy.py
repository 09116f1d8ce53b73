"""A TCP proxy before a mail server: writes down what is said, cuts lines, refuses commands."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from typing import Literal

Side = Literal["server", "client"]


class MailProxy:
    """Passes on every connection to `port` of this machine, as it is told.

    `said` holds the bytes of the last connection by who said them. With `cut` set it ends a
    connection once a side has said so many bytes, which are passed on first; with `drip_from` each
    byte of the server behind so many comes a tenth of a second behind the last. A command whose
    line matches a pattern of `refusals` is answered by the text beside it, the first word of
    the line put in for {tag}, and is not passed on.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.said: dict[Side, bytearray] = {"server": bytearray(), "client": bytearray()}
        self.cut: tuple[Side, int] | None = None
        self.drip_from: int | None = None
        self.refusals: dict[str, str] = {}
        self.connections = 0
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def break_all(self) -> None:
        """End every connection."""
        for client in list(self.open):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.said = {"server": bytearray(), "client": bytearray()}
            server = socket.create_connection(("127.0.0.1", self._upstream))
            self.connections += 1
            self.open.append(client)
            for side, source, target in (("client", client, server), ("server", server, client)):
                arguments = (side, source, target, self.said, self.cut)
                threading.Thread(target=self._pass_on, args=arguments, daemon=True).start()

    def _pass_on(
        self,
        side: Side,
        source: socket.socket,
        target: socket.socket,
        said: dict[Side, bytearray],
        cut: tuple[Side, int] | None,
    ) -> None:
        most = cut[1] if cut and cut[0] == side else None
        with suppress(OSError):
            while chunk := source.recv(65536):
                if most is not None:
                    chunk = chunk[: most - len(said[side])]
                said[side] += chunk
                refusal = self._refusal(chunk) if side == "client" else None
                if refusal is not None:
                    source.sendall(refusal)
                elif side == "server" and self.drip_from is not None:
                    self._drip(target, chunk, len(said[side]) - len(chunk))
                else:
                    target.sendall(chunk)
                if most is not None and len(said[side]) >= most:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if side == "client":
            self.open.remove(source)

    def _drip(self, target: socket.socket, chunk: bytes, before: int) -> None:
        at_once = max(0, (self.drip_from or 0) - before)
        target.sendall(chunk[:at_once])
        for byte in chunk[at_once:]:
            time.sleep(0.1)
            target.sendall(bytes([byte]))

    def _refusal(self, line: bytes) -> bytes | None:
        text = line.decode("latin-1")
        for pattern, answer in self.refusals.items():
            if re.search(pattern, text):
                return answer.replace("{tag}", text.split()[0]).encode() + b"\r\n"
        return None


def steps(said: bytes) -> list[int]:
    """Where to cut: before the first byte of each line, and in its middle, as counts of bytes."""
    found: list[int] = []
    start = 0
    for line in said.splitlines(keepends=True):
        found += [start + len(line) // 2, start + len(line)]
        start += len(line)
    return sorted({cut for cut in found if 0 < cut < len(said)})
