"""M4: the table of docs/decisions/0003, row by row: role, proof, what our mail server found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from integration.cases.letters import (
    ANN,
    BOB,
    CARL,
    EVE,
    MALLORY,
    OUR_SIDE,
    PARTNER_SIDE,
    PAUL,
    REX,
    WIM,
    full_case,
    prepare,
    proof,
    recipients,
)

if TYPE_CHECKING:
    from conftest import Desk

PROOFS, FINDINGS = ("message", "token", "thread", "number"), ("", "pass", "fail")
KEPT, NEW_CASE = {"kept"}, {"new case"}
HEARD_BY_OURS = {"kept", "we hear", "reopens"}
# Who, what he does with a proof, what with the thread, what with the number alone.
TABLE = [
    ("responsible", EVE, {"kept", "partner hears", "we hear", "closes"}, KEPT, KEPT),
    ("our user and watcher", BOB, {"kept", "partner hears", "we hear", "closes"}, KEPT, KEPT),
    ("our other user", PAUL, {"kept", "partner hears", "we hear", "closes"}, KEPT, KEPT),
    ("our watcher", WIM, {"kept", "partner hears", "we hear"}, KEPT, KEPT),
    ("our user who may only read", REX, KEPT, KEPT, KEPT),
    (
        "partner's contact",
        ANN,
        {"kept", "partner hears", "we hear", "closes", "reopens"},
        HEARD_BY_OURS,
        HEARD_BY_OURS,
    ),
    (
        "partner's watcher",
        CARL,
        {"kept", "partner hears", "we hear", "reopens"},
        HEARD_BY_OURS,
        HEARD_BY_OURS,
    ),
    ("stranger", MALLORY, HEARD_BY_OURS, HEARD_BY_OURS, NEW_CASE),
]


def effects(desk: Desk, sender: str, kind: str, found: str) -> set[str]:
    """What such a mail does on an open case, and on a closed one."""
    seen: set[str] = set()
    for state in ("open", "done"):
        number = full_case(desk, state)
        carried = proof(desk, number, sender, kind)
        desk.mail(sender, "Printer", text="What I say.", authentication=found, **carried)
        mails, case = desk.mails(), desk.case(number)
        heard: set[str] = set().union(*map(recipients, mails))
        said = [entry for entry in case.messages if entry.text == "What I say."]
        seen |= {"kept"} if said else set()
        seen |= {"new case"} if desk.latest() != number else set()
        seen |= {"partner hears"} if heard & PARTNER_SIDE else set()
        seen |= {"we hear"} if heard & OUR_SIDE else set()
        seen |= {"closes"} if (state, case.state) == ("open", "done") else set()
        seen |= {"reopens"} if (state, case.state) == ("done", "open") else set()
        assert heard <= PARTNER_SIDE | OUR_SIDE and sender not in heard
        proven = kind in ("message", "token") and found != "fail"
        for entry in said:
            assert entry.verified == proven
            assert ("unverified" in entry.remark) == (not proven)
    return seen


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_M4_who_may_speak(desk: Desk, row: tuple[str, str, set[str], set[str], set[str]]) -> None:
    _, sender, proven, thread, number = row
    prepare(desk)
    wanted = {"message": proven, "token": proven, "thread": thread, "number": number}
    for kind in PROOFS:
        for found in FINDINGS:
            failed = found == "fail" and kind in ("message", "token")
            expected = thread if failed else wanted[kind]
            assert effects(desk, sender, kind, found) == expected, (kind, found)


def test_M4_without_any_hint_a_mail_makes_a_case(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    for sender in (EVE, ANN, MALLORY):
        desk.mail(sender, "Printer", text="Something else.")
        assert desk.latest() > number
    assert len(desk.case(number).messages) == 0


def test_M4_a_token_of_the_other_side_proves_nothing(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    for_ann, for_eve = (proof(desk, number, one, "token") for one in (ANN, EVE))
    desk.mail(EVE, "Printer", text="Forged.", **for_ann)
    desk.mail(ANN, "Printer", text="Forged.", **for_eve)
    case = desk.case(number)
    assert (case.state, [one.verified for one in case.messages]) == ("open", [False, False])
    assert set().union(*map(recipients, desk.mails())) <= OUR_SIDE


def test_M4_a_mail_to_another_proves_nothing(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    desk.mail(BOB, "Printer", text="I am Bob, or so I say.", **proof(desk, number, EVE, "message"))
    case = desk.case(number)
    assert (case.state, case.messages[0].kind, case.messages[0].verified) == ("open", "note", False)


def test_M4_where_our_server_found_a_forgery_nobody_of_ours_opened_the_case(desk: Desk) -> None:
    mail = {"to": ["sales@steel.example"], "cc": ["support@ours.example"]}
    desk.mail(EVE, "Rusty beams", authentication="fail", **mail)
    case = desk.case(desk.latest())
    assert (case.state, case.responsible) == ("draft", None)
    assert case.contact is not None and case.contact.address == EVE


def test_M2_whose_name_was_forged_gets_no_automatic_reply(desk: Desk) -> None:
    fields = {"name": "It came in", "subject": "We have it", "text": "Soon."}
    template = desk.command("save_template", fields=fields)["id"]
    desk.events()
    for found, replies in (("fail", 0), ("", 1), ("pass", 1)):
        new_case = {"reply_template_id": template}
        desk.mail("gus@new.example", authentication=found, new_case=new_case)
        assert len(desk.mails()) == replies, found


def test_M4_a_user_who_may_only_read_complains_to_nobody_in_our_name(desk: Desk) -> None:
    prepare(desk)
    desk.mail(REX, "Rusty beams", to=["sales@steel.example"], cc=["support@ours.example"])
    case = desk.case(desk.latest())
    assert (case.state, case.responsible) == ("draft", None)
    assert case.contact is not None and case.contact.address == REX


def test_M4_a_retired_responsible_speaks_for_nobody(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    carried = proof(desk, number, EVE, "message")
    version = desk.directory("user", desk.eve)["version"]
    desk.command("save_user", id=desk.eve, version=version, fields={"active": False})
    desk.events()
    desk.mail(EVE, "Printer", text="Closed.", **carried)
    assert desk.case(number).state == "open"
    assert not set().union(*map(recipients, desk.mails())) & PARTNER_SIDE


def test_M4_a_responsible_who_may_only_read_by_now_is_noted(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    version = desk.directory("user", desk.eve)["version"]
    desk.command("save_user", id=desk.eve, version=version, fields={"role": "read-only"})
    desk.mail(EVE, "Printer", text="Closed.", **proof(desk, number, EVE, "message"))
    case = desk.case(number)
    assert (case.state, case.messages[-1].kind) == ("open", "note")


def test_M4_a_case_that_somebody_made_up_lends_no_proof_to_the_one_it_is_merged_into(
    desk: Desk,
) -> None:
    """M8 takes the complaint of one of ours, in copy to us, for a mail of ours."""
    prepare(desk)
    number = full_case(desk)
    made_up = {"message_id": "<made-up@evil.example>", "to": [ANN], "cc": ["support@ours.example"]}
    desk.mail(EVE, "Rusty beams", **made_up)
    forged = desk.latest()
    versions = {"version": desk.case(forged).version, "into_version": desk.case(number).version}
    desk.command("merge_case", number=forged, into=number, **versions)
    desk.mails()
    desk.mail(ANN, "Rusty beams", text="Close it.", in_reply_to=("<made-up@evil.example>",))
    case = desk.case(number)
    assert (case.state, case.messages[-1].text) == ("open", "Close it.")
    assert not case.messages[-1].verified
