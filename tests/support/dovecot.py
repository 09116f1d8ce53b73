"""A Dovecot of the tests' own: IMAP and POP3, plain, with STARTTLS and with TLS, on free ports.

By XOAUTH2 it takes the tokens of a token endpoint (token_endpoint.py) on its `tokens_port`.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.ports import free_port

PROGRAM = "/usr/sbin/dovecot"
PASSWORD = "S3cr3t-of-Dovecot"
USERS = ("support", "archive")

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap pop3
mail_plugins = acl
plugin {{
  acl = vfile
}}
pop3_no_flag_updates = yes
listen = 127.0.0.1
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%u
}}
mail_location = maildir:~/Maildir
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
service imap {{
  service_count = 200
  process_limit = 100
}}
service pop3 {{
  service_count = 200
  process_limit = 100
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = {pop3_tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A self-signed certificate for `name` and 127.0.0.1, with `key.pem` beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    alternatives = [x509.DNSName(name), x509.IPAddress(IPv4Address("127.0.0.1"))]
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


_number = count()


class DovecotServer:
    """Starts a private Dovecot; every user in `users` has the password `PASSWORD`."""

    def __init__(self, users: Iterable[str] = USERS) -> None:
        self.port = free_port()
        self.tls_port = free_port()
        self.pop3_port = free_port()
        self.pop3_tls_port = free_port()
        self.tokens_port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="casewire-dovecot-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.certificate = make_certificate(self._folder)
        lines = "".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in users)
        (self._folder / "users").write_text(lines)
        self._configure()

    def start(self, patience_seconds: float = 30) -> None:
        """Start and wait until the port answers; raises RuntimeError with the log's end."""
        if not Path(PROGRAM).exists():
            raise RuntimeError(
                "Dovecot is not installed (Debian: apt-get install dovecot-imapd dovecot-pop3d)"
            )
        command = [PROGRAM, "-F", "-c", str(self._folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, start_new_session=True)
        deadline = time.monotonic() + patience_seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the test Dovecot did not start:\n{self.log()[-2000:]}")
            time.sleep(0.05)

    def account(self, **fields: object) -> dict[str, object]:
        """The fields of an incoming account that reaches it, some of them replaced."""
        known = {"name": "support", "server": "127.0.0.1", "port": self.port}
        return {**known, "security": "none", "login": "support", **fields}

    def stop(self) -> None:
        """Stop; what the mailboxes hold is there again after a start."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def destroy(self) -> None:
        """Stop, and remove all data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it has logged."""
        path = self._folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def append(self, raw: bytes, user: str = "support", folder: str = "INBOX") -> None:
        """Put a new mail into a folder."""
        with self.signed_in(user) as client:
            status, answer = client.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)
            assert status == "OK", answer

    def pop3_account(self, **fields: object) -> dict[str, object]:
        """The same by POP3."""
        return self.account(**{"protocol": "pop3", "port": self.pop3_port, **fields})

    def maildir(self, user: str = "support", folder: str = "INBOX") -> Path:
        """The folder's place on the disk; it is there once somebody has signed in."""
        home = self._folder / "mail" / user / "Maildir"
        return home if folder == "INBOX" else home / f".{folder}"

    def drop(self, raws: Iterable[bytes], user: str = "support", folder: str = "INBOX") -> None:
        """Put new mails straight on the disk, as a mail server does."""
        place = self.maildir(user, folder)
        if not (place / "new").is_dir():
            self.count("ALL", user, folder)
        owner = place.stat()
        for raw in raws:
            path = place / "tmp" / f"{time.time_ns()}.{next(_number)}.tests"
            path.write_bytes(raw)
            os.chown(path, owner.st_uid, owner.st_gid)
            path.rename(place / "new" / path.name)

    def drop_one_often(self, raw: bytes, times: int, user: str) -> None:
        """Fill the inbox with links to one mail, unless it is full already."""
        place = self.maildir(user)
        if self.count("ALL", user) >= times:
            return
        self.drop([raw], user)
        first = next((place / "new").iterdir())
        for number in range(times):
            os.link(first, place / "new" / f"{number}.link")

    def make_folder(self, folder: str, user: str = "support") -> None:
        """Make a folder anew; whatever was in it is gone."""
        with self.signed_in(user) as client:
            (self.maildir(user, folder) / "dovecot-acl").unlink(missing_ok=True)
            client.delete(folder)
            assert client.create(folder)[0] == "OK"

    def make_read_only(self, folder: str, user: str = "support") -> None:
        """Leave its owner the rights to look and to read (RFC 4314), until it is made anew."""
        (self.maildir(user, folder) / "dovecot-acl").write_text("owner lr\n")

    def void_uids(self, folder: str, user: str = "support") -> None:
        """Lose the numbers of its mails: it has another UIDVALIDITY when it is opened again."""
        for path in self.maildir(user, folder).glob("dovecot*"):
            if path.name != "dovecot-acl":
                path.unlink()

    def count(self, criterion: str, user: str = "support", folder: str = "INBOX") -> int:
        """How many mails of a folder an IMAP search ("UNSEEN", "ALL") finds."""
        with self.signed_in(user) as client:
            client.select(folder, readonly=True)
            return len(client.search(None, criterion)[1][0].split())

    def empty(self, user: str = "support") -> None:
        """Remove every mail of the inbox."""
        with self.signed_in(user) as client:
            if client.select("INBOX")[1] == [b"0"]:
                return
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def signed_in(self, user: str) -> imaplib.IMAP4:
        """A client of the tests' own."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        return client

    def _configure(self) -> None:
        root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid())
        group = grp.getgrgid(me.pw_gid).gr_name
        mail = pwd.getpwnam("mail") if root else me
        (self._folder / "mail").mkdir()
        if root:  # which Dovecot lets touch no mail
            self._folder.chmod(0o711)
            shutil.chown(self._folder / "mail", mail.pw_uid, mail.pw_gid)
        text = CONFIGURATION.format(
            folder=self._folder,
            port=self.port,
            tls_port=self.tls_port,
            pop3_port=self.pop3_port,
            pop3_tls_port=self.pop3_tls_port,
            login_user="dovenull" if root else me.pw_name,
            internal_user="dovecot" if root else me.pw_name,
            internal_group="dovecot" if root else group,
            mail_user=mail.pw_uid,
            mail_group=mail.pw_gid,
        )
        (self._folder / "dovecot.conf").write_text(text)
        asked = f"http://127.0.0.1:{self.tokens_port}/tokeninfo?access_token="
        lines = f"tokeninfo_url = {asked}\nusername_attribute = username\n"
        (self._folder / "oauth2.conf").write_text(lines)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.settimeout(2)
                return connection.recv(4) == b"* OK"
        except OSError:
            return False
