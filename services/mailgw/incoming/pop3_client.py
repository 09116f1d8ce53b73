"""poplib, made safe for what servers on the network send."""

from __future__ import annotations

import poplib
import time
from typing import Any

# More than a listing of a million mails.
MOST_LISTING_BYTES = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_YIELD_BYTES = 1024 * 1024
_END = b".\r\n"


class Pop3Client(poplib.POP3):
    """poplib with lines of any length, bounded answers, and none taken for whole that broke off.

    poplib refuses a mail with a line above 2048 bytes; and of a connection that breaks off behind
    the stuffed dot of a line, it makes a complete mail.
    """

    file: Any

    def block(self, command: str, most_bytes: int) -> bytes:
        """The text that the command is answered with, its stuffed dots removed (RFC 1939 §3).

        Raises poplib.error_proto when the server refuses, ConnectionError when it breaks off or
        sends more than `most_bytes`.
        """
        self._putcmd(command)  # type: ignore[attr-defined]
        self._getresp()  # type: ignore[attr-defined]
        return self._block(most_bytes)

    def authenticate(self, mechanism: str, answer: str) -> None:
        """AUTH with the first answer in the same line (RFC 5034). Raises poplib.error_proto.

        The line may be longer than poplib lets a caller send; a challenge behind it tells why the
        server refuses, and is answered by nothing.
        """
        self._putcmd(f"AUTH {mechanism} {answer}")  # type: ignore[attr-defined]
        told, _ = self._getline()
        if told.startswith(b"+ "):
            self._putcmd("")  # type: ignore[attr-defined]
            told, _ = self._getline()
        if not told.startswith(b"+OK"):
            raise poplib.error_proto(told)

    def _block(self, most_bytes: int) -> bytes:
        taken = bytearray()
        yielded = 0
        while not (taken == _END or taken.endswith(b"\r\n" + _END)):
            chunk = self.file.read1(_CHUNK)
            if not chunk:
                raise ConnectionResetError("in the middle of an answer")
            taken += chunk
            if len(taken) > most_bytes:
                raise ConnectionAbortedError(f"its answer has more than {most_bytes} bytes")
            if len(taken) - yielded > _YIELD_BYTES:
                yielded = len(taken)
                time.sleep(0)  # let other green threads have their turn
        del taken[-len(_END) :]
        if taken.startswith(b".."):
            del taken[:1]
        return bytes(taken.replace(b"\r\n..", b"\r\n."))

    def _getline(self) -> tuple[bytes, int]:
        line: bytes = self.file.readline(poplib._MAXLINE + 1)  # type: ignore[attr-defined]
        if not line.endswith(b"\n"):
            raise ConnectionResetError("in the middle of a line")
        return line.rstrip(b"\r\n"), len(line)

    def _getlongresp(self) -> tuple[bytes, list[bytes], int]:
        answer: bytes = self._getresp()  # type: ignore[attr-defined]
        text = self._block(MOST_LISTING_BYTES)
        return answer, text.split(b"\r\n")[:-1], len(text)


class Pop3TlsClient(Pop3Client, poplib.POP3_SSL):
    """The same over TLS from the first byte."""
