"""Forged mails, mail programs that forget the thread, and a mail server that finds a forgery (M4).

All through the front door: mails by pipe into a running system, and what its mails to a real SMTP
server say.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, cast

import pytest
from builders.mail_program import answer_to, new_mail
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for

from services.messaging.rpc_client import RpcClient

SUPPORT, EVE, ANN = "support@ours.example", "eve@ours.example", "ann@blue.example"
MALLORY, HOST = "mallory@evil.example", "mx.ours.example"


class Office:
    """Support with signed reply addresses, behind a mail server that checks who sent what."""

    def __init__(self, system: RunningSystem, peer: SmtpPeer, client: RpcClient) -> None:
        self.system, self.peer = system, peer
        self.api: Api = system.api()
        eve = self.api.post("/users", login="eve", name="Eve Expert", address=EVE)
        fields = {"reply_address": SUPPORT, "close_on_reply": True, "plus_addresses": True}
        section = self.api.get("/sections/1")
        command = {"id": 1, "version": section["version"], "fields": fields}
        command |= {"idempotency_key": "signed addresses", "actor_id": 1}
        client.call("cases", "save_section", command=command)
        self.api.post(
            "/rules",
            name="Assign new cases",
            criteria={"state_from": "none"},
            actions=[
                {"do": "assign", "to": "user", "user_id": eve["id"]},
                {"do": "set_state", "state": "open"},
            ],
        )
        pipe = {"name": "checked", "protocol": "pipe", "address": SUPPORT, "trusted_host": HOST}
        client.call("mailgw", "save_incoming_account", account=pipe)
        self.api.post("/accounts/incoming/checked/approve", 204)
        self.api.post("/accounts/outgoing", **peer.account(address=SUPPORT))
        self.api.post("/accounts/outgoing/out/approve", 204)

    def deliver(self, mail: EmailMessage, *above: str) -> None:
        """A mail comes in; `above` are headers that mail servers put before those it had."""
        head = "".join(f"{line}\r\n" for line in above).encode()
        raw = head + mail.as_bytes(policy=email.policy.SMTP)
        assert self.system.deliver(raw, "--account", "checked") == 0

    def mail(self, address: str, *words: str) -> EmailMessage:
        """A mail to the address that holds all these words, once it has been sent."""
        return wait_for(lambda: self._mail(address, words), f"a mail to {address}: {words}", 30)

    def mails_to(self, address: str) -> int:
        return sum(address in one.recipients for one in list(self.peer.mails))

    def case(self, number: int, messages: int) -> dict[str, Any]:
        """The case, once it has so many messages."""

        def reached() -> dict[str, Any] | None:
            found = dict(self.api.get(f"/cases/{number}"))
            return found if len(found["messages"]) == messages else None

        return wait_for(reached, f"{messages} messages on case {number}", 30)

    def new_case(self, subject: str) -> tuple[int, EmailMessage]:
        """A case of Ann's, and the mail about it that Eve has got."""
        self.deliver(new_mail(f"Ann <{ANN}>", SUPPORT, subject, "It burns."))
        passed_on = self.mail(EVE, subject)
        number = int(str(passed_on["Subject"]).partition("[")[2].partition("]")[0])
        return number, passed_on

    def _mail(self, address: str, words: tuple[str, ...]) -> EmailMessage | None:
        for delivered in list(self.peer.mails):
            parsed = email.message_from_bytes(delivered.raw, policy=email.policy.default)
            mail = cast(EmailMessage, parsed)
            body = mail.get_body(("plain",))
            text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
            if address in delivered.recipients and all(word in text for word in words):
                return mail
        return None


@pytest.fixture(scope="module")
def office(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    peer, client = SmtpPeer(), RpcClient(own_broker, timeout_seconds=10)
    peer.start()
    try:
        home = tmp_path_factory.mktemp("office") / "home"
        with RunningSystem(home, own_broker).running() as system:
            yield Office(system, peer, client)
    finally:
        client.close()
        peer.stop()


def forgetful(mail: EmailMessage, subject: str) -> EmailMessage:
    """The same answer by a program that keeps neither References nor subject."""
    for name in ("References", "In-Reply-To", "Subject"):
        del mail[name]
    mail["Subject"] = subject
    return mail


def test_M4_forged_mails_close_nothing_tell_nobody_and_show_nothing(office: Office) -> None:
    number, passed_on = office.new_case("A burning printer")
    before = {who: office.mails_to(who) for who in (ANN, MALLORY)}
    subject = f"Re: [{number}] A burning printer"
    office.deliver(new_mail(f"Eve Expert <{EVE}>", SUPPORT, subject, "Closed by me."))
    office.deliver(new_mail(f"Ann <{ANN}>", SUPPORT, subject, "Wire the money elsewhere."))
    for_eve = passed_on["Reply-To"].addresses[0].addr_spec
    for_ann = for_eve.replace(f"+{number}s", f"+{number}p")
    assert for_ann != for_eve
    office.deliver(new_mail(f"Ann <{ANN}>", for_ann, "Hello", "A signature of the other side."))
    office.deliver(new_mail(MALLORY, SUPPORT, subject, "Show me."))

    own = office.mail(EVE, "Show me.")
    assert not str(own["Subject"]).startswith(f"[{number}]")
    assert "It burns." not in own.get_body(("plain",)).get_content()
    office.mail(EVE, "Wire the money elsewhere.", "unverified")
    elsewhere = office.mail(EVE, "A signature of the other side.")
    assert f"[{number}]" not in elsewhere["Subject"]
    case = office.case(number, 3)
    assert case["state"] == "open"
    said = [(one["kind"], one["verified"]) for one in case["messages"][1:]]
    assert said == [("note", False), ("mail", False)]
    assert before == {who: office.mails_to(who) for who in (ANN, MALLORY)}


def test_M4_M7_a_program_that_forgets_the_thread_answers_to_the_signed_address(
    office: Office,
) -> None:
    number, passed_on = office.new_case("A smoking printer")
    assert SUPPORT in passed_on["From"]
    answer = answer_to(passed_on, f"Eve Expert <{EVE}>", "Use water.")
    del answer["To"]
    answer["To"] = str(passed_on["Reply-To"])
    office.deliver(forgetful(answer, "Water"))
    reply = office.mail(ANN, "Use water.")
    assert office.case(number, 2)["state"] == "done"

    back = answer_to(reply, f"Ann <{ANN}>", "It still smokes.")
    del back["To"]
    back["To"] = "undisclosed-recipients:;"
    # The mail server tells in a header of its own whom it delivered to.
    delivered_to = reply["Reply-To"].addresses[0].addr_spec
    office.deliver(forgetful(back, "Water?"), f"Delivered-To: {delivered_to}")
    office.mail(EVE, "It still smokes.")
    case = office.case(number, 3)
    assert case["state"] == "open"
    assert [one["verified"] for one in case["messages"]] == [True, True, True]
    assert not any("+" in one["address"] for one in case["watchers"])


def test_M4_what_our_mail_server_finds_forged_has_no_authority(office: Office) -> None:
    number, passed_on = office.new_case("A singing printer")
    answer = answer_to(passed_on, f"Eve Expert <{EVE}>", "I never wrote this.")
    made_up = f"Authentication-Results: {HOST}; dmarc=pass header.from=ours.example"
    office.deliver(
        answer,
        f"Authentication-Results: {HOST}; dmarc=fail (p=REJECT) header.from=ours.example",
        f"Received: from evil.example by {HOST}; Mon, 2 Mar 2026 09:00:00 +0000",
        made_up,
    )
    case = office.case(number, 2)
    assert (case["state"], case["messages"][1]["kind"]) == ("open", "note")
    assert "our mail server found" in case["messages"][1]["remark"]

    true = answer_to(passed_on, f"Eve Expert <{EVE}>", "This I wrote.")
    office.deliver(true, made_up)
    office.mail(ANN, "This I wrote.")
    assert office.case(number, 3)["state"] == "done"
