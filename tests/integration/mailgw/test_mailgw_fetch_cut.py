"""The line to the mail server cut at every step of a fetch: nothing lost or doubled (M3, M12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import count

import pytest
from sqlalchemy import func, select
from support.dovecot import PASSWORD, DovecotServer
from support.mail_proxy import MailProxy, Side, steps

from services.mailgw.errors import ServerRefused
from services.mailgw.incoming.fetch import Fetch, Taken
from services.mailgw.incoming.mailbox import opened
from services.mailgw.model.accounts import IncomingAccount
from services.mailgw.tables import raw_mails
from services.messaging.transaction import Transactions

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MAILS = 2
_numbers = count(1)


class Cutting:
    """A mailbox reached straight and through a proxy, and every mail that was ever put into it."""

    def __init__(
        self, dovecot: DovecotServer, transactions: Transactions, protocol: str, after: str
    ) -> None:
        self.dovecot = dovecot
        self.transactions = transactions
        port = dovecot.pop3_port if protocol == "pop3" else dovecot.port
        self.proxy = MailProxy(port)
        fields = dovecot.account(
            id="a1", protocol=protocol, port=port, after_fetch=after, move_to="Done"
        )
        self.straight = IncomingAccount.model_validate(fields)
        # The same account: where it is reached is no part of what is remembered of it.
        self.cut = self.straight.model_copy(update={"port": self.proxy.port})
        self.given: set[int] = set()
        self.latest: set[int] = set()

    def give(self) -> None:
        """Put some mails into the mailbox."""
        if self.straight.after_fetch == "seen":
            self.dovecot.empty()  # so that each session is as long as the last
        self.latest = {next(_numbers) for _ in range(MAILS)}
        self.given |= self.latest
        self.dovecot.drop(mail(number) for number in sorted(self.latest))

    def fetch(self, account: IncomingAccount) -> Taken:
        with opened(account, PASSWORD, timeout=10) as mailbox:
            return Fetch(self.transactions, account, mailbox).run()

    def stored(self) -> set[int]:
        """Which of the latest mails are stored; no other bytes than those given ever are."""
        t = raw_mails
        wanted = {sha256(mail(number)).hexdigest(): number for number in self.latest}
        with self.transactions.database.read() as connection:
            found = connection.scalars(select(t.c.sha256).where(t.c.sha256.in_(wanted)))
            numbers = {wanted[one] for one in found}
            total = connection.scalar(select(func.count()).select_from(t))
        assert total == len(self.given) - len(self.latest) + len(numbers)
        return numbers

    def waiting(self) -> set[int]:
        """The mails that are still new on the server."""
        with self.dovecot.signed_in("support") as client:
            client.select("INBOX", readonly=True)
            found = client.search(None, "UNSEEN UNDELETED")[1][0].split()
            if not found:
                return set()
            answer = client.fetch(b",".join(found).decode(), "(BODY.PEEK[HEADER])")[1]
        return {int(re.findall(rb"Printer (\d+)", item[1])[0]) for item in answer if item != b")"}

    def cut_at(self, side: Side, position: int) -> None:
        """Give mails, fetch them over a line that breaks there, and then over a good one."""
        self.give()
        self.proxy.cut = (side, position)
        with suppress(ServerRefused):
            self.fetch(self.cut)
        assert self.latest <= self.waiting() | self.stored(), f"lost: {side} cut at {position}"
        taken = self.fetch(self.straight)
        assert taken.trouble == ""
        assert self.stored() == self.latest, f"{side} cut at {position}"

    def steps(self, side: Side) -> list[int]:
        """Where a whole session can be cut."""
        self.give()
        self.proxy.cut = None
        self.fetch(self.cut)
        return steps(bytes(self.proxy.said[side]))


def mail(number: int) -> bytes:
    """With lines that POP3 stuffs with a dot."""
    head = f"From: ann@customer.example\r\nSubject: Printer {number}\r\n\r\n".encode()
    return head + b"It is\r\n.\r\n..\r\n.broken\r\n" + b"x" * 300 + b"\r\nend\r\n"


@pytest.fixture
def cutting(
    dovecot: DovecotServer, transactions: Transactions, request: pytest.FixtureRequest
) -> Iterator[Cutting]:
    protocol, after = request.param
    dovecot.make_folder("Done")
    made = Cutting(dovecot, transactions, protocol, after)
    yield made
    made.proxy.close()


@ON_SQLITE
@pytest.mark.parametrize("side", ["server", "client"])
@pytest.mark.parametrize(
    "cutting",
    [("imap", "seen"), ("imap", "move"), ("imap", "delete"), ("pop3", "seen"), ("pop3", "delete")],
    indirect=True,
    ids="-".join,
)
def test_M12_a_line_cut_at_every_step_loses_and_doubles_nothing(
    cutting: Cutting, side: Side
) -> None:
    positions = cutting.steps(side)
    assert len(positions) > 10
    for position in positions:
        cutting.cut_at(side, position)


@ON_SQLITE
@pytest.mark.parametrize("cutting", [("pop3", "seen")], indirect=True, ids="-".join)
def test_M12_a_pop3_mail_cut_at_any_byte_of_a_stuffed_line_is_not_taken_for_whole(
    cutting: Cutting,
) -> None:
    cutting.steps("server")
    said = bytes(cutting.proxy.said["server"])
    start = said.rindex(b"It is\r\n..\r\n")
    for position in range(start, start + 40):
        cutting.cut_at("server", position)


@pytest.mark.parametrize("cutting", [("imap", "seen"), ("pop3", "delete")], indirect=True)
def test_M12_a_line_cut_behind_the_commit_is_made_good_on_either_database(cutting: Cutting) -> None:
    marking = b"STORE" if cutting.straight.protocol == "imap" else b"DELE"
    cutting.steps("client")
    at = bytes(cutting.proxy.said["client"]).index(marking) + 2
    cutting.give()
    cutting.proxy.cut = ("client", at)
    with pytest.raises(ServerRefused, match="broke the connection off"):
        cutting.fetch(cutting.cut)
    assert cutting.stored() == cutting.latest == cutting.waiting()
    assert cutting.fetch(cutting.straight).new == 0
    assert cutting.stored() == cutting.latest
    if cutting.straight.protocol == "pop3":
        assert cutting.dovecot.count("ALL") == 0
