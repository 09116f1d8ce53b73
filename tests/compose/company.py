"""Those outside: browsers and programs that come by the proxy, and customers with mailboxes."""

from __future__ import annotations

import email
import email.policy
import imaplib
import re
import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import requests
from support.system import Api

from compose.places import WORK, ComposeTestError
from compose.stack import Stack

PORTS = {
    "HTTP_PORT": "18080",
    "HTTPS_PORT": "18443",
    "RABBITMQ_MANAGEMENT_PORT": "18672",
    "PROMETHEUS_PORT": "19090",
    "MAIL_IMAP_PORT": "11143",
    "MAIL_SMTP_PORT": "11025",
}
SITE = f"https://localhost:{PORTS['HTTPS_PORT']}"
SUPPORT = "support@example.com"
ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt"
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str, patience_seconds: float = 90) -> Found:
    """What `look` answers once it is true; raises ComposeTestError naming what did not come."""
    deadline = time.monotonic() + patience_seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise ComposeTestError(f"{what} did not come within {patience_seconds:g} s")
        time.sleep(0.5)
    return found


class Company:
    """What the steps of the run do from outside, each by the published ports."""

    def __init__(self, stack: Stack) -> None:
        (proxy,) = stack.containers("proxy")
        self.certificate = WORK / "root.crt"
        self.certificate.write_text(stack.execute(proxy, "cat", ROOT_CERTIFICATE))
        web, mailgw = stack.containers("web")[0], stack.containers("mailgw")[0]
        self.admin_password = stack.execute(web, "cat", "/run/secrets/admin_password")
        self._mail_password = stack.execute(mailgw, "cat", "/run/secrets/mail_password")

    def session(self) -> requests.Session:
        """A client that believes the proxy's own authority, and nobody else."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.certificate)
        return session

    def api(self) -> Api:
        """The API, signed in as the administrator."""
        api = Api(SITE)
        api._session = self.session()
        return api.sign_in("admin", self.admin_password)

    def browser(self) -> requests.Session:
        """Signed in by the page, as a browser is."""
        session = self.session()
        page = session.get(f"{SITE}/sign-in", timeout=30).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if token is None:
            raise ComposeTestError("the page to sign in at has no token")
        form = {"csrf_token": token[1], "name": "admin", "password": self.admin_password}
        answer = session.post(f"{SITE}/sign-in", data=form, headers={"Referer": SITE}, timeout=30)
        if answer.url.endswith("/sign-in"):
            raise ComposeTestError(f"signing in was refused: {answer.status_code}")
        return session

    def send(self, sender: str, subject: str, text: str, attachment: Path | None = None) -> None:
        """A customer's mail, handed to the mail server by SMTP."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, SUPPORT, subject
        mail["Message-ID"] = f"<{time.time_ns()}@customers.example>"
        mail.set_content(text)
        if attachment is not None:
            content = attachment.read_bytes()
            mail.add_attachment(content, maintype="image", subtype="png", filename=attachment.name)
        with smtplib.SMTP("127.0.0.1", int(PORTS["MAIL_SMTP_PORT"]), timeout=30) as server:
            server.send_message(mail)

    def mails_of(self, address: str) -> list[EmailMessage]:
        """What lies in the mailbox of an address."""
        client = imaplib.IMAP4("127.0.0.1", int(PORTS["MAIL_IMAP_PORT"]), timeout=30)
        with client:
            client.login(address, self._mail_password)
            client.select("INBOX", readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            raws = [client.fetch(number, "(RFC822)")[1][0][1] for number in numbers]  # type: ignore[index]
        policy = email.policy.default
        return [email.message_from_bytes(raw, policy=policy) for raw in raws]  # type: ignore[misc, arg-type]
