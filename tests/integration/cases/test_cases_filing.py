"""Every mail that came in is filed: how, where, and why there, with the standing of its sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from integration.cases.letters import (
    ANN,
    EVE,
    MALLORY,
    full_case,
    move,
    prepare,
    proof,
)

from services.contracts.filing import FiledData, MailFiled

if TYPE_CHECKING:
    from conftest import Desk


def filed(desk: Desk, sender: str, **more: Any) -> FiledData:
    """A mail comes in; what is told of where it went."""
    desk.events()
    message = desk.mail(sender, **more)
    (told,) = [event for event in desk.events() if isinstance(event, MailFiled)]
    assert told.data.mail_id == message.data.mail_id
    assert told.case_id == told.data.case_number
    assert told.cause[-1].id == message.id
    return told.data


@pytest.mark.parametrize(
    ("sender", "kind", "how", "words"),
    [
        (EVE, "message", "thread", ("refers to the mail", "the responsible, verified: he answers")),
        (EVE, "token", "token", ("the signed address", "the responsible, verified: he writes to")),
        (EVE, "number", "number", ("in its subject", "the responsible, unverified: he knows the")),
        (ANN, "thread", "thread", ("refers to the mail", "contact, unverified: he knows the thr")),
        (MALLORY, "thread", "thread", ("refers to", "nobody who belongs to the case, unverified")),
    ],
)
def test_M4_a_mail_on_a_case(
    desk: Desk, sender: str, kind: str, how: str, words: tuple[str, str]
) -> None:
    prepare(desk)
    number = full_case(desk)
    found = filed(desk, sender, **proof(desk, number, sender, kind))
    assert (found.how, found.case_number, found.message_number) == (how, number, 1)
    assert all(one in found.why for one in words), found.why


def test_M4_what_our_mail_server_found_is_told(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    failed = filed(desk, EVE, authentication="fail", **proof(desk, number, EVE, "message"))
    assert "unverified: our mail server found" in failed.why
    passed = filed(desk, EVE, authentication="pass", **proof(desk, number, EVE, "message"))
    assert "verified: he answers" in passed.why and "nothing wrong" in passed.why


def test_M5_a_mail_that_makes_a_case(desk: Desk) -> None:
    found = filed(desk, ANN)
    assert (found.how, found.case_number, found.message_number) == ("new", 101, 1)
    assert "names no case" in found.why


def test_M4_a_stranger_with_a_number_makes_a_case_and_it_is_told_why(desk: Desk) -> None:
    number = full_case(desk)
    found = filed(desk, MALLORY, case_number=number)
    assert (found.how, found.case_number) == ("new", number + 1)
    assert f"[{number}] in its subject gives it no case" in found.why


def test_M12_a_linked_case_is_a_new_one(desk: Desk) -> None:
    prepare(desk, reopen="linked")
    number = full_case(desk)
    move(desk, number, "done")
    found = filed(desk, ANN, **proof(desk, number, ANN, "message"))
    assert (found.how, found.case_number, found.message_number) == ("new", number + 1, 1)
    assert f"case [{number}] is closed" in found.why


def test_M10_the_same_mail_again(desk: Desk) -> None:
    filed(desk, ANN, message_id="<once@blue.example>")
    found = filed(desk, ANN, message_id="<once@blue.example>")
    assert (found.how, found.case_number, found.message_number) == ("again", 101, None)


@pytest.mark.parametrize(
    "mail", [{"returned": True}, {"receipt": True}, {"out_of_office": True, "automatic": True}]
)
def test_M10_what_is_set_aside_makes_no_case(desk: Desk, mail: dict[str, Any]) -> None:
    found = filed(desk, ANN, **mail)
    assert (found.how, found.case_number) == ("aside", None)
    assert found.why
    assert desk.listed() == []
