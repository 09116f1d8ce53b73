"""The ports of the services: each free, and no two the same."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping

from deploy.local.errors import CannotStart


def check_ports(address: str, ports: Mapping[str, int]) -> None:
    """Raise CannotStart naming every setting whose port cannot be opened on `address`."""
    troubles = [*_twice(ports), *_not_free(address, ports)]
    if troubles:
        raise CannotStart("; ".join(troubles))


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on, on the loopback address."""
    for port in range(first, 65536):
        if _refusal("127.0.0.1", port) is None:
            return port
    raise CannotStart(f"no TCP port from {first} on is free")


def _twice(ports: Mapping[str, int]) -> list[str]:
    found: dict[int, list[str]] = {}
    for setting, port in ports.items():
        found.setdefault(port, []).append(setting)
    return [
        f"{' and '.join(settings)} are both {port}; set them to different ports"
        for port, settings in found.items()
        if len(settings) > 1
    ]


def _not_free(address: str, ports: Mapping[str, int]) -> list[str]:
    troubles = []
    for setting, port in ports.items():
        error = _refusal(address, port)
        if error is None:
            continue
        if error.errno == errno.EADDRINUSE:
            troubles.append(f"port {port} is taken by another program; set {setting} to a free one")
        elif error.errno == errno.EACCES:
            troubles.append(f"only root may open port {port}; set {setting} to one above 1023")
        else:
            troubles.append(
                f"port {port} ({setting}) cannot be opened on {address}: {error.strerror}"
            )
    return troubles


def _refusal(address: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: connections that ended a moment ago do not count as a taken port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None
