"""M11: an invitation makes a dated case; its sender moves and cancels it, nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from integration.cases.test_cases_filing import filed

from services.contracts.invitations import Invitation

if TYPE_CHECKING:
    from conftest import Desk

ANN, MALLORY = "ann@blue.example", "mallory@evil.example"
NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)


def invitation(method: str = "REQUEST", start: datetime | None = NINE, **more: Any) -> Invitation:
    fields = {"uid": "m1@blue.example", "duration_minutes": 60, "summary": "Plan", **more}
    return Invitation.model_validate({"method": method, "start": start, **fields})


@pytest.fixture
def number(desk: Desk) -> int:
    """The case of a meeting that Ann invited to."""
    found = filed(desk, ANN, subject="Plan", invitation=invitation())
    assert found.how == "new" and found.case_number
    return found.case_number


def test_an_invitation_makes_a_dated_case(desk: Desk, number: int) -> None:
    case = desk.case(number)
    assert (case.kind, case.start, case.duration_minutes) == ("meeting", NINE, 60)
    assert case.state == "draft"


def test_its_sender_moves_it(desk: Desk, number: int) -> None:
    found = filed(desk, ANN, invitation=invitation(start=TEN, sequence=1, duration_minutes=30))
    assert (found.how, found.case_number) == ("invitation", number)
    assert "about the meeting of this case" in found.why
    case = desk.case(number)
    assert (case.start, case.duration_minutes) == (TEN, 30)
    assert "the invitation was changed by its sender" in case.history[-1].reason
    assert len(case.messages) == 2

    # An older word, come late, changes nothing.
    filed(desk, ANN, invitation=invitation(start=NINE, sequence=0))
    assert desk.case(number).start == TEN


PASS = {"authentication": "pass"}


def test_its_sender_cancels_it(desk: Desk, number: int) -> None:
    filed(desk, ANN, invitation=invitation("CANCEL", sequence=1), **PASS)
    assert desk.case(number).state == "cancelled"


def test_who_is_not_shown_to_be_the_sender_cancels_nothing_but_is_heard(
    desk: Desk, number: int
) -> None:
    case = desk.case(number)
    fields = {"responsible_id": desk.eve}
    desk.command("change_case", number=number, version=case.version, fields=fields)
    desk.mails()
    desk.mail(ANN, invitation=invitation("CANCEL", sequence=1), text="It is off.")
    case = desk.case(number)
    assert (case.state in ("draft", "open"), case.start) == (True, NINE)
    (told,) = desk.mails()
    assert told.data.to[0].address == "eve@ours.example" and "It is off." in told.data.text

    # Once our server finds that it is hers, the same word counts.
    filed(desk, ANN, invitation=invitation("CANCEL", sequence=1), **PASS)
    assert desk.case(number).state == "cancelled"


@pytest.mark.parametrize(
    ("sender", "mail"),
    [
        (MALLORY, {"invitation": invitation("CANCEL", sequence=1)}),
        (ANN, {"invitation": invitation("CANCEL", sequence=1), "authentication": "fail"}),
        (ANN, {"invitation": invitation("CANCEL", sequence=1, exception=True)}),
        (ANN, {"invitation": invitation("REPLY", TEN, sequence=1)}),
        (ANN, {"invitation": invitation("COUNTER", TEN, sequence=1)}),
    ],
)
def test_nothing_else_moves_or_cancels_it(
    desk: Desk, number: int, sender: str, mail: dict[str, Any]
) -> None:
    filed(desk, sender, **mail)
    case = desk.case(number)
    assert (case.start, case.state in ("draft", "open")) == (NINE, True)


def test_a_cancelled_meeting_may_be_asked_for_again(desk: Desk, number: int) -> None:
    filed(desk, ANN, invitation=invitation("CANCEL", sequence=1), **PASS)
    filed(desk, ANN, invitation=invitation(start=TEN, sequence=2))
    case = desk.case(number)
    assert (case.state, case.start) == ("open", TEN)


def test_an_answer_to_a_meeting_that_we_do_not_know_is_a_letter(desk: Desk) -> None:
    found = filed(desk, ANN, invitation=invitation("REPLY"))
    assert found.case_number is not None
    case = desk.case(found.case_number)
    assert (case.kind, case.start) == ("helpdesk", None)
