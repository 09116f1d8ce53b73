"""An SMTP server that hangs up: at which step of a mail it does is told beforehand."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field

STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "in the content", "behind the content")


@dataclass
class RudeSmtp:
    """Hangs up without an answer at the steps of `hangs_up_at`, one each connection, then no more.

    `contents` are the mails that it has got whole, whether it said so or not.
    """

    hangs_up_at: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    _server: socketserver.ThreadingTCPServer | None = None

    def start(self) -> None:
        """Listen."""
        peer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                peer._speak(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def account(self) -> dict[str, object]:
        """The fields of an outgoing account that reaches it."""
        assert self._server is not None
        port = self._server.server_address[1]
        known = {"name": "out", "server": "127.0.0.1", "port": port, "security": "none"}
        return {**known, "address": "support@company.example"}

    def _speak(self, line: socketserver.StreamRequestHandler) -> None:
        step = self.hangs_up_at.pop(0) if self.hangs_up_at else ""
        line.wfile.write(b"220 rude.example\r\n")
        while command := line.rfile.readline():
            verb = command[:4].decode("ascii", "replace").upper()
            if verb == step:
                return
            if verb == "DATA":
                line.wfile.write(b"354 go on\r\n")
                if step == "in the content":
                    line.rfile.readline()
                    return
                self.contents.append(_content(line))
                if step == "behind the content":
                    return
            line.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 OK\r\n")


def _content(line: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (one := line.rfile.readline()) and one != b".\r\n":
        lines.append(one)
    return b"".join(lines)
