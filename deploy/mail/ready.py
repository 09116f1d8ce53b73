"""Whether both doors of the mail server answer, for the health check of its container."""

from __future__ import annotations

import socket
import sys

for port, greeting in ((1143, b"* OK"), (1025, b"220 ")):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        if not connection.recv(4).startswith(greeting):
            sys.exit(f"port {port} does not greet")
