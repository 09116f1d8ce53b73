"""O2: a service finds a server that was made anew at another address."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import dns.message
import dns.rrset

ROOT = Path(__file__).parents[3]
LOOK_UP_TWICE = """
import sys
from services.runtime.green import patch
patch()
import socket
from eventlet.support import greendns
known = greendns.resolver._resolver
known.nameservers, known.port = ["127.0.0.1"], int(sys.argv[1])
for _ in range(2):
    print(socket.getaddrinfo("broker.example", 5672, socket.AF_INET)[0][4][0])
"""


def test_O2_an_address_is_not_remembered_although_its_answer_would_allow_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=answer_each_time_another, args=(server,), daemon=True).start()
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            LOOK_UP_TWICE,
            str(server.getsockname()[1]),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    first, second = done.stdout.split()
    assert first != second, done.stderr


def answer_each_time_another(server: socket.socket) -> None:
    """Answer every question with the next address, to be remembered for ten minutes."""
    for number in range(1, 250):
        try:
            asked, asker = server.recvfrom(4096)
        except OSError:
            return  # the test is over
        answer = dns.message.make_response(dns.message.from_wire(asked))
        name = answer.question[0].name
        answer.answer.append(dns.rrset.from_text(name, 600, "IN", "A", f"10.0.0.{number}"))
        server.sendto(answer.to_wire(), asker)
