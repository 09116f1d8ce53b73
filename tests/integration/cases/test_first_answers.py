"""When a person of ours first answered the partner, and deadlines that make no sense."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from builders.mails import SUPPORT

from services.contracts import rules
from services.contracts.cases import CaseMessageAdded
from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, SALES = "ann@blue.example", "eve@ours.example", "sales@steel.example"


def passed_on(desk: Desk) -> dict[str, Any]:
    """How Eve answers the mail that was passed on to her."""
    mail = next(m for m in desk.mails() if m.data.to[0].address == EVE).data
    return {"subject": f"Re: {mail.subject}", "in_reply_to": (mail.message_id,)}


def test_K1_a_reply_is_the_first_answer_and_the_second_is_not(desk: Desk) -> None:
    number = desk.new_case().number
    desk.events()
    desk.command("add_message", number=number, text="Dear Ann")
    case = desk.case(number)
    assert case.responded_at == case.messages[-1].at
    added = next(event for event in desk.events() if isinstance(event, CaseMessageAdded))
    (change,) = added.data.changes
    assert (change.field, change.before) == ("responded_at", None)
    assert added.data.case.responded_at == case.responded_at
    desk.command("add_message", number=number, text="One more thing")
    again = desk.case(number)
    assert again.responded_at == case.responded_at and again.history[-1].changes == ()


def test_K1_notes_rules_and_automatic_mails_are_no_answer(desk: Desk) -> None:
    number = desk.new_case(responsible=desk.eve).number
    answer = passed_on(desk)
    desk.command("add_message", number=number, kind="note", text="Hm")
    desk.rule(
        number,
        rules.SendTemplate(subject="We got it", text="Thank you"),
        rules.Remind(whom="partner"),
        rules.AddNote(text="Told him"),
    )
    desk.mail(EVE, **answer, automatic=True, text="I am away")
    desk.mail(EVE, f"[{number}] from elsewhere", case_number=number)  # not verified: a note
    desk.mail(ANN, f"[{number}] and?", case_number=number)
    assert desk.case(number).responded_at is None


def test_M6_the_responsible_who_answers_by_mail_has_answered(desk: Desk) -> None:
    number = desk.new_case(responsible=desk.eve).number
    desk.mail(EVE, **passed_on(desk), text="Pull the plug")
    case = desk.case(number)
    assert case.messages[-1].direction == "out"
    assert case.responded_at == case.messages[-1].at


def test_K1_a_mail_that_reaches_no_partner_is_no_answer(desk: Desk) -> None:
    fields = {"subject": "Paint the wall", "responsible_id": desk.eve}
    number = desk.command("create_case", fields=fields)["number"]
    desk.mail(EVE, **passed_on(desk), text="Which colour?")
    assert desk.case(number).responded_at is None


def test_M8_with_a_complaint_to_an_outsider_we_have_spoken(desk: Desk) -> None:
    desk.mail(EVE, "Rusty beams", to=[SALES], cc=[SUPPORT])
    case = desk.case(desk.latest())
    assert case.responded_at == case.created_at
    assert "responded_at" in {change.field for change in case.history[0].changes}
    desk.mail(EVE, "A question", to=[SUPPORT])
    assert desk.case(desk.latest()).responded_at is None


@pytest.mark.parametrize("field", ["deadline", "response_deadline", "start"])
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+05:00", "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z"]
)
def test_K1_a_moment_in_a_senseless_year_is_refused_with_what_to_give(
    desk: Desk, field: str, moment: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        desk.command("create_case", fields={"subject": "x", field: moment})
    assert (refused.value.field, refused.value.what_to_do) == (
        field,
        "give a moment from the year 1970 to 2200",
    )


def test_K1_a_response_deadline_is_set_and_taken_away_like_a_deadline(desk: Desk) -> None:
    number = desk.new_case().number
    fields = {"response_deadline": "2026-12-01T12:00:00+01:00"}
    desk.command("change_case", number=number, version=2, fields=fields)
    assert desk.case(number).response_deadline == datetime(2026, 12, 1, 11, tzinfo=UTC)
    desk.command("change_case", number=number, version=3, fields={"response_deadline": None})
    assert desk.case(number).response_deadline is None


def test_K1_the_description_is_changed_and_stands_in_the_history(desk: Desk) -> None:
    number = desk.new_case().number
    desk.command("change_case", number=number, version=2, fields={"description": "It burnt"})
    case = desk.case(number)
    assert case.description == "It burnt"
    (change,) = case.history[-1].changes
    assert (change.field, change.before, change.after) == (
        "description",
        "Please help.",
        "It burnt",
    )
