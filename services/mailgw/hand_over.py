"""`deliver` hands a mail to the gateway that runs on the same machine, where there is one.

A mail server starts a process for each mail. Opening the database takes such a process longer
than all that is done with the mail; the running gateway has it open. Nothing but the standard
library is imported here.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

SOCKET = "mailgw.sock"
KEPT = b"kept\n"
MOST_BYTES = 32 * 1024 * 1024  # a larger mail is not worth the gateway's memory
ANSWER_SECONDS = 20.0


def socket_path() -> Path:
    """Where the gateway of this home listens; the setting is read as services.runtime does."""
    return Path(os.environ.get("CASEWIRE_HOME", "var")) / SOCKET


def hand_over(account: str, raw: bytes) -> bool:
    """Whether the running gateway has the mail, durably; False: store it some other way.

    To store it again does no harm, for the same bytes are kept once.
    """
    if len(raw) > MOST_BYTES or "\n" in account:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(str(socket_path()))
            connection.sendall(f"{account}\n{len(raw)}\n".encode() + raw)
            return connection.recv(len(KEPT)) == KEPT
    except (OSError, UnicodeError):
        return False  # none runs, it is just stopping, or the path is longer than sockets take
