"""M10: two Casewires that answer each other come to rest, also with an absence in between."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, cast

import pytest
from builders.mail_program import answer_to, new_mail
from support.broker import BrokerServer
from support.smtp_peer import Delivered, SmtpPeer
from support.system import Api, RunningSystem, wait_for

HERE, THERE = "support@here.example", "support@there.example"
HAN, THEA = "han@here.example", "thea@there.example"
QUIET_LOOKS = 12
pytestmark = pytest.mark.timeout(300)


@dataclass
class Post:
    """Carries each mail to whoever has the address: a Casewire by pipe, a person's mailbox."""

    systems: dict[str, RunningSystem] = field(default_factory=dict)
    carried: list[tuple[str, EmailMessage]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, delivered: Delivered) -> None:
        """For each recipient by himself, as a mail server does."""
        parsed = email.message_from_bytes(delivered.raw, policy=email.policy.default)
        mail = cast(EmailMessage, parsed)
        for recipient in delivered.recipients:
            with self._lock:
                self.carried.append((recipient, mail))
            if recipient in self.systems:
                assert self.systems[recipient].deliver(delivered.raw, "--account", "desk") == 0

    def to(self, address: str) -> list[EmailMessage]:
        """What one address has got."""
        with self._lock:
            return [mail for recipient, mail in self.carried if recipient == address]


@dataclass
class TwoDesks:
    """Both systems, each with an automatic reply, a rule that assigns, and the other as post."""

    here: RunningSystem
    there: RunningSystem
    post: Post

    def at_rest(self) -> int:
        """How many mails have gone when for a while none has, nothing waits, and all are filed."""
        seen: list[tuple[int, bool]] = []

        def quiet() -> bool:
            waiting = sum(
                system.metric("mailgw", "casewire_mails_waiting_to_send")
                for system in (self.here, self.there)
            )
            seen.append((len(self.post.carried), waiting > 0))
            latest = seen[-QUIET_LOOKS:]
            return len(latest) == QUIET_LOOKS and len(set(latest)) == 1 and not waiting

        wait_for(quiet, "both desks at rest", 120)
        return len(self.post.carried)


@pytest.fixture(scope="module")
def desks(broker: BrokerServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDesks]:
    post, peer = Post(), SmtpPeer()
    peer.on_content = lambda mail: threading.Thread(target=post.carry, args=(mail,)).start()
    peer.start()
    homes = tmp_path_factory.mktemp("desks")
    here = RunningSystem(homes / "here", broker.new_vhost("here"))
    there = RunningSystem(homes / "there", broker.new_vhost("there"))
    there.make_databases()  # with keys of its own: neither reads what the other has signed
    with here.running(), there.running():
        _furnish(here, peer, HERE, "han", HAN)
        _furnish(there, peer, THERE, "thea", THEA)
        post.systems |= {HERE: here, THERE: there}
        yield TwoDesks(here, there, post)
    peer.stop()


def _furnish(system: RunningSystem, peer: SmtpPeer, address: str, login: str, own: str) -> None:
    api = system.api()
    user = api.post("/users", login=login, name=login.title(), address=own)["id"]
    section = api.get("/sections/1")
    api.patch("/sections/1", version=section["version"], reply_address=address)
    template = api.post(
        "/templates", name="It came in", subject="We have it", text="Case {{ case.number }}."
    )
    account = {"name": "desk", "protocol": "pipe", "address": address}
    new_case = {"section_id": 1, "reply_template_id": template["id"]}
    api.post("/accounts/incoming", **account, new_case=new_case)
    api.post("/accounts/incoming/desk/approve", 204)
    api.post("/accounts/outgoing", **peer.account(address=address))
    api.post("/accounts/outgoing/out/approve", 204)
    assign = {"do": "assign", "to": "user", "user_id": user}
    criteria = {"state_from": "none", "state_to": "draft"}
    api.post("/rules", name="Assign", criteria=criteria, actions=[assign])


def test_M10_two_casewires_stop_after_the_automatic_reply(desks: TwoDesks) -> None:
    api = desks.here.api()
    made = api.post("/cases", subject="Our order", contact_address=THERE, state="open")
    api.post(f"/cases/{made['number']}/messages", kind="reply", text="Where is it?")

    other = wait_for(lambda: _newest(desks.there.api(), "Our order"), "a case there", 60)
    path = f"/cases/{made['number']}"
    wait_for(lambda: len(api.get(path)["messages"]) == 2, "the automatic reply", 60)
    went = desks.at_rest()
    assert [mail["Auto-Submitted"] for mail in desks.post.to(HERE)] == ["auto-replied"]
    assert len(desks.post.to(THERE)) == 1
    assert went == 2 + len(desks.post.to(THEA)) + len(desks.post.to(HAN))
    ours = api.get(f"/cases/{made['number']}")
    assert [one["direction"] for one in ours["messages"]] == ["out", "in"]
    assert ours["messages"][-1]["automatic"]
    assert other["contact"]["address"] == HERE

    # A person there answers: one mail goes on to this desk, and nothing answers it.
    desks.there.api().post(f"/cases/{other['number']}/messages", kind="reply", text="On its way.")
    wait_for(lambda: len(api.get(path)["messages"]) == 3, "the answer", 60)
    desks.at_rest()
    assert (len(desks.post.to(HERE)), len(desks.post.to(THERE))) == (2, 1)


def test_M12_an_absent_responsible_sets_nothing_off(desks: TwoDesks) -> None:
    ann = new_mail("ann@home.example", HERE, "My bill", "It is wrong.")
    assert desks.here.deliver(ann.as_bytes(), "--account", "desk") == 0
    passed_on = wait_for(lambda: _mail(desks.post.to(HAN), "It is wrong."), "Han's mail", 60)
    went = desks.at_rest()

    away = answer_to(passed_on, HAN, "I am away until Monday.")
    away.replace_header("Subject", f"Automatic reply: {passed_on['Subject']}")
    away["Auto-Submitted"] = "auto-replied"
    for _ in range(3):  # a program that answers each mail, as some do
        del away["Message-ID"]
        away["Message-ID"] = new_mail(HAN, HERE, "x", "x")["Message-ID"]
        assert desks.here.deliver(away.as_bytes(), "--account", "desk") == 0
    case = wait_for(lambda: _newest(desks.here.api(), "My bill", messages=4), "the notes", 60)
    assert desks.at_rest() == went
    assert [one["kind"] for one in case["messages"][1:]] == ["note"] * 3


def test_M10_the_bounce_of_an_automatic_reply_ends_on_its_case(desks: TwoDesks) -> None:
    gone = "nobody@gone.example"
    mail = new_mail(gone, HERE, "From a false address", "Hello.")
    assert desks.here.deliver(mail.as_bytes(), "--account", "desk") == 0
    reply = wait_for(lambda: _mail(desks.post.to(gone), "Case"), "the automatic reply", 60)
    went = desks.at_rest()
    assert desks.here.deliver(_bounce(reply, gone), "--account", "desk") == 0

    def told() -> Any:
        case = _newest(desks.here.api(), "From a false address")
        history = case["history"] if case else []
        return [entry for entry in history if "was not delivered" in entry["reason"]]

    (entry,) = wait_for(told, "the bounce in the history", 60)
    assert gone in entry["reason"] and "no such user" in entry["reason"]
    assert desks.at_rest() == went


def test_M10_a_loop_between_programs_that_hide_what_they_are_is_bounded(
    desks: TwoDesks,
) -> None:
    """A robot that writes each time as a person would, with a new subject, to no thread."""
    robot = "robot@loop.example"
    for number in range(12):
        mail = new_mail(robot, HERE, f"Question {number}", "Hello.")
        assert desks.here.deliver(mail.as_bytes(), "--account", "desk") == 0
    wait_for(lambda: len(_held(desks.here, robot)) == 2, "two replies held back", 60)
    desks.at_rest()
    assert len(desks.post.to(robot)) == 10


def _held(system: RunningSystem, address: str) -> list[str]:
    """The reasons in histories of cases by which mails to the address were held back."""
    api = system.api()
    cases = [one for one in api.get("/cases")["items"] if one["subject"].startswith("Question")]
    reasons = [
        entry["reason"]
        for one in cases
        for entry in api.get(f"/cases/{one['number']}")["history"]
        if f"held back: {address}" in entry["reason"]
    ]
    return reasons


def _newest(api: Api, subject: str, messages: int = 1) -> dict[str, Any] | None:
    """The latest case whose subject ends so, with that many messages."""
    for one in api.get("/cases")["items"]:
        if one["subject"].endswith(subject):
            case = dict(api.get(f"/cases/{one['number']}"))
            return case if len(case["messages"]) >= messages else None
    return None


def _mail(mails: list[EmailMessage], words: str) -> EmailMessage | None:
    for mail in mails:
        body = mail.get_body(("plain",))
        if body is not None and words in body.get_content():
            return mail
    return None


def _bounce(mail: EmailMessage, address: str) -> bytes:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@gone.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; gone.example\n\nFinal-Recipient: rfc822; {address}\n"
        "Action: failed\nDiagnostic-Code: smtp; 550 no such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {mail['Message-ID']}\n\n--b--\n"
    ).encode()
