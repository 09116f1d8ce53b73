"""M2, M10, M12: reports, receipts, absences and programs on a case, and the automatic reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from integration.cases.letters import ANN, EVE, OUR_SIDE, full_case, move, prepare, proof

if TYPE_CHECKING:
    from conftest import Desk

TEMPLATE = {
    "name": "It came in",
    "subject": "We have your mail",
    "text": "Dear {{ case.contact or 'customer' }}, it is case {{ case.number }}.",
}


@pytest.fixture
def number(desk: Desk) -> int:
    """A case that is done, with somebody responsible."""
    prepare(desk)
    number = full_case(desk)
    move(desk, number, "done")
    desk.mails()
    return number


def answer(desk: Desk, number: int, **more: Any) -> None:
    """Ann's side answers a mail of ours."""
    desk.mail(ANN, **proof(desk, number, ANN, "message"), **more)


@pytest.mark.parametrize("what", ["receipt", "returned"])
def test_M10_a_report_on_our_mail_is_a_note_that_disturbs_nobody(
    desk: Desk, number: int, what: str
) -> None:
    answer(desk, number, automatic=True, text="It was read.", **{what: True})
    case = desk.case(number)
    entry = case.messages[-1]
    assert (case.state, entry.kind, entry.direction, entry.text) == (
        "done",
        "note",
        "internal",
        "It was read.",
    )
    told = {"receipt": "what became of a mail", "returned": "the delivery of a mail"}
    assert entry.remark == f"tells {told[what]}" or entry.remark == f"tells of {told[what]}"
    assert desk.mails() == []


@pytest.mark.parametrize(
    ("disposition", "told"),
    [
        ("displayed", "tells that a mail was read"),
        ("deleted", "tells that a mail was deleted unread"),
        ("x-odd", "tells what became of a mail: x-odd"),
    ],
)
def test_M10_a_receipt_says_what_was_done(
    desk: Desk, number: int, disposition: str, told: str
) -> None:
    answer(desk, number, automatic=True, receipt=True, disposition=disposition)
    assert desk.case(number).messages[-1].remark == told


def test_M12_an_absence_is_kept_on_its_case_and_nobody_is_mailed(desk: Desk, number: int) -> None:
    answer(desk, number, automatic=True, out_of_office=True, text="I am away.")
    case = desk.case(number)
    assert (case.state, case.messages[-1].text) == ("done", "I am away.")
    assert desk.mails() == []


def test_M10_what_a_program_says_on_a_case_goes_to_our_own_people_alone(
    desk: Desk, number: int
) -> None:
    answer(desk, number, automatic=True, text="Disk full on server 7.")
    assert desk.case(number).state == "done"
    sent = desk.mails()
    assert {
        address.address for mail in sent for address in (*mail.data.to, *mail.data.cc)
    } == OUR_SIDE
    assert all(mail.data.automatic and "Disk full" in mail.data.text for mail in sent)


def new_case(desk: Desk, template: int | None, **more: Any) -> list[Any]:
    """Somebody opens a case by mail; the automatic mails that it sets off."""
    desk.mails()
    desk.mail("gus@new.example", name="Gus", new_case={"reply_template_id": template}, **more)
    return [mail for mail in desk.mails() if mail.data.purpose == "template"]


def test_M2_who_opens_a_case_by_mail_hears_that_it_came_in(desk: Desk) -> None:
    template = desk.command("save_template", fields=TEMPLATE)["id"]
    (sent,) = new_case(desk, template, message_id="<first@new.example>")
    assert sent.data.to[0].address == "gus@new.example" and sent.data.automatic
    assert sent.data.subject == "[101] We have your mail"
    assert sent.data.text == "Dear Gus, it is case 101."
    assert sent.data.in_reply_to == "<first@new.example>"
    assert new_case(desk, None) == []


@pytest.mark.parametrize("of", [{"automatic": True}, {"wants_no_reply": True}])
def test_M10_a_program_is_not_answered(desk: Desk, of: dict[str, bool]) -> None:
    template = desk.command("save_template", fields=TEMPLATE)["id"]
    assert new_case(desk, template, **of) == []


def test_M2_our_own_people_are_not_answered(desk: Desk) -> None:
    template = desk.command("save_template", fields=TEMPLATE)["id"]
    desk.mails()
    desk.mail(EVE, new_case={"reply_template_id": template})
    assert [mail for mail in desk.mails() if mail.data.purpose == "template"] == []


@pytest.mark.parametrize("gone", ["retired", "missing", "broken"])
def test_M2_a_reply_that_cannot_be_sent_is_told_in_the_history(desk: Desk, gone: str) -> None:
    saved = desk.command("save_template", fields=TEMPLATE)
    id = saved["id"] if gone != "missing" else 4711
    if gone == "retired":
        fields = {"active": False}
        desk.command("save_template", id=id, version=saved["version"], fields=fields)
    if gone == "broken":
        fields = {"text": "{{ case.custom['serial'] }}"}
        desk.command("save_template", id=id, version=saved["version"], fields=fields)
    assert new_case(desk, id) == []
    entry = desk.case(desk.latest()).history[-1]
    assert entry.reason.startswith("no automatic reply was sent: ")
    assert entry.reason.endswith("choose another one on the mail account")


def test_M10_what_would_be_set_aside_becomes_a_case_when_somebody_wants_it(desk: Desk) -> None:
    desk.mail(ANN, automatic=True, out_of_office=True, forced=True)
    assert len(desk.listed()) == 1


def test_M2_mails_come_from_the_account_that_answers_where_the_section_has_no_address(
    desk: Desk,
) -> None:
    desk.mail(ANN, new_case={"answer_from": "help@ours.example"})
    number = desk.latest()
    desk.mails()
    desk.command("add_message", number=number, text="By the section.")
    version = desk.directory("section", 1)["version"]
    desk.command("save_section", id=1, version=version, fields={"reply_address": None})
    desk.command("add_message", number=number, text="By the account.")
    senders = [mail.data.sender.address for mail in desk.mails()]
    assert len(senders) == 2 and senders[0] != senders[1] == "help@ours.example"
