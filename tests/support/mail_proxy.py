"""A TCP proxy before a mail server: writes down what is said, cuts lines, refuses commands."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from typing import Literal

Side = Literal["server", "client"]


class MailProxy:
    """Passes on every connection to `port` of this machine, as it is told.

    `said` holds the bytes of the last connection by who said them. With `cut` set it ends a
    connection once a side has said so many bytes, which are passed on first. A command whose
    line matches a pattern of `refusals` is answered by the text beside it, the first word of
    the line put in for {tag}, and is not passed on.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.said: dict[Side, bytearray] = {"server": bytearray(), "client": bytearray()}
        self.cut: tuple[Side, int] | None = None
        self.refusals: dict[str, str] = {}
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.said = {"server": bytearray(), "client": bytearray()}
            server = socket.create_connection(("127.0.0.1", self._upstream))
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
                if refusal is None:
                    target.sendall(chunk)
                else:
                    source.sendall(refusal)
                if most is not None and len(said[side]) >= most:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

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
