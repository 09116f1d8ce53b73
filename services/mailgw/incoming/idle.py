"""Waiting until an IMAP server tells of new mail by itself (RFC 2177)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from imap_tools.idle import get_socket_poller

from services.mailgw.errors import NoPush
from services.mailgw.incoming.imap_folder import Folder

# RFC 2177 allows 29 minutes; routers on the way forget a silent connection sooner.
IDLE_SECONDS = 600.0
LOOK_SECONDS = 30


def wait_for_mail(
    folder: Folder,
    going_on: Callable[[], bool] = lambda: True,
    seconds: float = IDLE_SECONDS,
    look_seconds: int = LOOK_SECONDS,
) -> bool:
    """Whether the folder grew; False after `seconds`, or when `going_on`, asked every
    `look_seconds`, answers no.

    Raises NoPush when the server does not offer it, else what the connection raises.
    """
    if "IDLE" not in folder.offers:
        raise NoPush
    if folder.was_told_of_mail():
        return True
    client: Any = folder.mailbox.client
    tag = _begin(client)
    until = time.monotonic() + seconds
    # What came along with the server's yes waits in a buffer, which no poller sees.
    while not (_is_buffered(client) or get_socket_poller(client.sock, look_seconds)):
        if not going_on() or time.monotonic() >= until:
            break
    client.send(b"DONE\r\n")
    folder.mailbox.consume_until_tagged_response(tag)
    return folder.was_told_of_mail()


def _begin(client: Any) -> bytes:
    """Ask for it, and wait for the server's yes; the tag of the command."""
    tag: bytes = client._command("IDLE")
    while client._get_response() is not None:  # None is the continuation
        if client.tagged_commands[tag]:
            raise NoPush
    return tag


def _is_buffered(client: Any) -> bool:
    """Whether bytes lie in the buffers of the connection; it does not wait for any."""
    timeout = client.sock.gettimeout()
    client.sock.setblocking(False)  # a green TLS socket takes no settimeout(0) for it
    try:
        return bool(client.file.peek(1))
    except OSError:  # nothing there yet: plain sockets and TLS each say so in their way
        return False
    finally:
        client.sock.setblocking(True)
        client.sock.settimeout(timeout)
