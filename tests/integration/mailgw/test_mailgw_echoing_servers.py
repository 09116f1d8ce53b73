"""M1, M2: what a server repeats of our secrets is blotted out of what anybody reads."""

from __future__ import annotations

import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator

import pytest

from services.mailgw.actions.check_account import check_account
from services.mailgw.model.accounts import IncomingAccount, OutgoingAccount

SECRET = "S3cr3t-that-comes-back"
GREETINGS = {"imap": "* OK [CAPABILITY IMAP4REV1] hello", "pop3": "+OK hello", "smtp": "220 hello"}
REFUSALS = {
    "imap": "{tag} NO you said {line}",
    "pop3": "-ERR you said {line}",
    "smtp": "535 {line}",
}


class _Echo(socketserver.StreamRequestHandler):
    """Takes what comes before the sign-in, then refuses it by repeating it."""

    def handle(self) -> None:
        speaks = self.server.speaks  # type: ignore[attr-defined]
        self._say(GREETINGS[speaks])
        for raw in self.rfile:
            line = raw.decode().strip()
            tag, _, rest = line.partition(" ")
            if speaks == "imap" and "AUTHENTICATE" in rest.upper():
                self._say("+ ")
                line = self.rfile.readline().decode().strip()
            if speaks == "imap" and rest.upper().startswith("CAPABILITY"):
                self._say(f"* CAPABILITY IMAP4REV1\r\n{tag} OK done")
            elif speaks == "smtp" and tag.upper() == "EHLO":
                self._say("250-hello\r\n250 AUTH PLAIN")
            elif speaks == "pop3" and tag.upper() == "USER":
                self._say("+OK")
            else:
                self._say(REFUSALS[speaks].format(tag=tag, line=line))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture(params=sorted(GREETINGS))
def server(request: pytest.FixtureRequest) -> Iterator[socketserver.ThreadingTCPServer]:
    made = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
    made.daemon_threads = True
    made.speaks = request.param  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("sign_in", ["password", "oauth2"])
def test_M2_a_secret_that_a_server_repeats_is_blotted_out(
    server: socketserver.ThreadingTCPServer, sign_in: str
) -> None:
    speaks = server.speaks  # type: ignore[attr-defined]
    fields = {"name": "x", "server": "127.0.0.1", "port": server.server_address[1]}
    fields |= {"security": "none", "login": "support", "sign_in": sign_in}
    account = (
        OutgoingAccount(**fields, address="a@b.example")
        if speaks == "smtp"
        else IncomingAccount(**fields, protocol=speaks)
    )
    why = check_account(account, SECRET)
    assert "refuses the login" in why and "…" in why, why
    assert SECRET not in why
    for word in why.replace("'", " ").split():
        try:
            assert SECRET.encode() not in b64decode(word, validate=True)
        except ValueError:
            continue
