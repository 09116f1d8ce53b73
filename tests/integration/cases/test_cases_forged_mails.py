"""M4: whatever mails somebody makes up who has no proof, he closes, tells and learns nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from integration.cases.letters import (
    ANN,
    BOB,
    CARL,
    EVE,
    MALLORY,
    OUR_SIDE,
    PAUL,
    REX,
    WIM,
    full_case,
    move,
    prepare,
    proof,
    recipients,
    token_of,
    we_wrote,
)

if TYPE_CHECKING:
    from conftest import Desk

SECRET = "The key lies below the mat."
EVERYBODY = (ANN, CARL, EVE, BOB, WIM, PAUL, REX, MALLORY)
# What Mallory can know or make up: the number, ids of nobody, of his own mails, and what he got
# on his own case.
forged_mails = st.fixed_dictionaries(
    {
        "sender": st.sampled_from(EVERYBODY),
        "number": st.sampled_from(["", "of theirs", "of his own"]),
        "reference": st.sampled_from(["", "guessed", "of his own", "of his last"]),
        "token": st.sampled_from(["", "of his own", "other number", "other side", "guessed"]),
        "authentication": st.sampled_from(["", "pass", "fail"]),
        "to": st.sampled_from([["support@ours.example"], [MALLORY], [ANN], []]),
        "cc": st.sampled_from([[], ["support@ours.example"], [MALLORY], [MALLORY, CARL]]),
        "automatic": st.booleans(),
    }
)


class Mallory:
    """Has a case of his own, with all that was sent to him about it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.mail(MALLORY, "A case of my own")
        self.number = desk.latest()
        mail = we_wrote(desk, self.number, MALLORY)
        self.message_id, self.token = mail.data.message_id, token_of(mail)
        self.last = self.message_id

    def sends(self, forged: dict[str, Any], target: int) -> None:
        own = self.number
        signature = self.token.removeprefix(f"{own}p")
        numbers = {"": None, "of theirs": target, "of his own": own}
        references = {
            "": (),
            "guessed": ("<casewire.guess@ours.example>",),
            "of his own": (self.message_id,),
            "of his last": (self.last,),
        }
        tokens = {
            "": "",
            "of his own": self.token,
            "other number": f"{target}p{signature}",
            "other side": f"{own}s{signature}",
            "guessed": f"{target}s{'a' * 20}",
        }
        sent = self.desk.mail(
            forged["sender"],
            "Re: Printer",
            text="Made up.",
            case_number=numbers[forged["number"]],
            in_reply_to=references[forged["reference"]],
            reply_token=tokens[forged["token"]],
            **{name: forged[name] for name in ("authentication", "to", "cc", "automatic")},
        )
        self.last = sent.data.message_id


def test_M4_no_sequence_of_forged_mails_closes_tells_or_shows_anything(desk: Desk) -> None:
    prepare(desk)
    mallory = Mallory(desk)

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # what it finds is short as it is, and each try costs a case
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        st.sampled_from(["open", "pending", "done", "cancelled"]),
        st.lists(forged_mails, min_size=1, max_size=4),
    )
    def nothing_is_gained(state: str, mails: list[dict[str, Any]]) -> None:
        target = _case_with_a_secret(desk, state)
        people = desk.case(target).contact, desk.case(target).watchers
        for forged in mails:
            before = desk.case(target).state
            mallory.sends(forged, target)
            case = desk.case(target)
            assert case.state in (before, "open"), "it closes nothing"
            assert (case.contact, case.watchers) == people
            assert not any(one.verified for one in case.messages if one.text == "Made up.")
            for mail in desk.mails():
                if mail.case_id == target or SECRET in mail.data.text:
                    assert recipients(mail) <= OUR_SIDE, "only our own people hear of it"

    nothing_is_gained()


def test_M4_the_same_mails_with_a_proof_do_all_that(desk: Desk) -> None:
    """Else the test above would pass where nobody may do anything."""
    prepare(desk)
    target = _case_with_a_secret(desk, "open")
    desk.mail(EVE, "Re: Printer", text="Answer.", **proof(desk, target, EVE, "message"))
    assert desk.case(target).state == "done"
    assert {ANN, CARL} <= set().union(*map(recipients, desk.mails()))


def _case_with_a_secret(desk: Desk, state: str) -> int:
    number = full_case(desk, description=SECRET)
    desk.mail(ANN, "Printer", text=SECRET, case_number=number)
    if state != "open":
        move(desk, number, state)
    desk.events()
    return number
