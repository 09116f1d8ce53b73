"""Mails make cases, continue them, and speak with the authority that decision 0003 gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders.mails import SUPPORT

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, BOB = "ann@blue.example", "eve@ours.example", "bob@ours.example"


def recipients(mail: Any) -> list[str]:
    return [one.address for one in (*mail.data.to, *mail.data.cc)]


def answer(desk: Desk, sender: str, to: Any, **more: Any) -> Any:
    """A mail program's answer to a mail that we sent."""
    references = (*to.data.references, to.data.message_id)
    return desk.mail(
        sender,
        f"Re: {to.data.subject}",
        case_number=to.case_id,
        in_reply_to=(to.data.message_id,),
        references=references,
        **more,
    )


def test_M5_a_new_mail_makes_a_case_from_101_on(desk: Desk) -> None:
    desk.mail(ANN, "Printer is on fire", name="Ann", text="It burns.", cc=["carl@blue.example"])
    case = desk.case(101)
    assert (case.subject, case.state, case.description) == (
        "Printer is on fire",
        "draft",
        "It burns.",
    )
    assert case.contact is not None and case.contact.address == ANN
    assert case.section is not None and case.section.id == 1
    assert [(w.address, w.side) for w in case.watchers] == [("carl@blue.example", "partner")]
    assert [(m.kind, m.direction, m.text) for m in case.messages] == [("mail", "in", "It burns.")]
    assert [entry.version for entry in case.history] == [1, 2]


def test_M5_the_responsible_gets_the_mail_with_the_number(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    (passed_on,) = desk.mails()
    assert recipients(passed_on) == [EVE]
    assert passed_on.data.subject == f"[{case.number}] Printer is on fire"
    assert passed_on.data.sender.address == SUPPORT
    assert "Please help." in passed_on.data.text


def test_M6_his_answer_goes_to_the_customer_and_closes_the_case(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    (passed_on,) = desk.mails()
    answer(desk, EVE, passed_on, text="Use water.")
    (to_customer,) = desk.mails()
    assert recipients(to_customer) == [ANN]
    assert to_customer.data.sender.address == SUPPORT
    assert to_customer.data.sender.name == "Eve Expert"
    assert to_customer.data.text == "Use water."
    case = desk.case(case.number)
    assert case.state == "done"
    assert case.closed_at is not None
    assert case.messages[-1].direction == "out"
    assert case.history[-1].actor_name == "Eve Expert"


def test_M7_the_customers_answer_reopens_it_and_reaches_the_responsible(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    answer(desk, EVE, desk.mails()[0])
    (to_customer,) = desk.mails()
    answer(desk, ANN, to_customer, text="It still burns.")
    reopened = desk.case(case.number)
    assert reopened.state == "open"
    assert reopened.closed_at is None
    (to_responsible,) = desk.mails()
    assert recipients(to_responsible) == [EVE]
    assert "It still burns." in to_responsible.data.text
    states = [c for entry in reopened.history for c in entry.changes if c.field == "state"]
    assert [(c.before, c.after) for c in states][-2:] == [("draft", "done"), ("done", "open")]


def test_M7_watchers_get_copies_both_ways(desk: Desk) -> None:
    desk.new_case(responsible=desk.eve, cc=["carl@blue.example", BOB])
    (passed_on,) = desk.mails()
    answer(desk, EVE, passed_on)
    assert sorted(map(recipients, desk.mails())) == [[ANN, "carl@blue.example"], [BOB]]


def test_M7_a_staff_watcher_may_answer_the_customer(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve, cc=[BOB])
    answer(desk, EVE, desk.mails()[0])
    to_bob = next(mail for mail in desk.mails() if recipients(mail) == [BOB])
    answer(desk, BOB, to_bob, text="Bob knows better.")
    by_first = {recipients(mail)[0]: mail for mail in desk.mails()}
    assert by_first[ANN].data.text == "Bob knows better."
    assert EVE in by_first
    assert desk.case(case.number).history[-1].actor_name == "Bob Builder"


def test_M6_a_section_may_keep_cases_open_when_answered(desk: Desk) -> None:
    fields = {"close_on_reply": False}
    desk.command("save_section", id=1, version=desk.section["version"], fields=fields)
    case = desk.new_case(responsible=desk.eve)
    answer(desk, EVE, desk.mails()[0])
    assert desk.case(case.number).state == "open"


class TestM4WhoMaySpeak:
    """The table of docs/decisions/0003, row by row."""

    def test_the_number_alone_from_the_responsible_stays_a_note(self, desk: Desk) -> None:
        case = desk.new_case(responsible=desk.eve)
        desk.mails()
        desk.mail(EVE, f"Re: [{case.number}] Printer", case_number=case.number, text="forged?")
        after = desk.case(case.number)
        assert after.state == "draft"
        assert (after.messages[-1].kind, after.messages[-1].verified) == ("note", False)
        assert desk.mails() == []

    def test_the_number_alone_from_the_contact_is_kept_as_unverified(self, desk: Desk) -> None:
        case = desk.new_case(responsible=desk.eve, cc=["carl@blue.example"])
        desk.mails()
        desk.mail(ANN, f"[{case.number}]", case_number=case.number, text="More.")
        entry = desk.case(case.number).messages[-1]
        assert (entry.text, entry.verified) == ("More.", False)
        assert "unverified" in entry.remark
        (mail,) = desk.mails()
        assert recipients(mail) == [EVE], "the partner's people hear nothing of an unproved From"
        assert "unverified" in mail.data.text

    def test_the_number_alone_from_a_stranger_makes_a_case_of_its_own(self, desk: Desk) -> None:
        case = desk.new_case(responsible=desk.eve)
        desk.mails()
        desk.mail("mallory@evil.example", f"Re: [{case.number}]", case_number=case.number)
        assert desk.latest() == case.number + 1
        assert len(desk.case(case.number).messages) == 1
        assert desk.mails() == []

    def test_a_forged_from_does_not_close(self, desk: Desk) -> None:
        case = desk.new_case(responsible=desk.eve, message_id="<known@blue.example>")
        desk.mails()
        desk.mail(
            EVE,
            f"Re: [{case.number}]",
            case_number=case.number,
            in_reply_to=("<known@blue.example>",),
            text="Closing this.",
        )
        assert desk.case(case.number).state == "draft"
        assert desk.mails() == []

    def test_a_mail_sent_to_another_proves_nothing(self, desk: Desk) -> None:
        case = desk.new_case(responsible=desk.eve)
        (to_eve,) = desk.mails()
        answer(desk, BOB, to_eve, text="I am Bob, or so I say.")
        assert desk.case(case.number).state == "draft"
        assert desk.mails() == []


def test_M4_references_find_the_case_without_a_number(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    (to_eve,) = desk.mails()
    desk.mail(EVE, "Printer", in_reply_to=(to_eve.data.message_id,), text="Water.")
    assert desk.case(case.number).messages[-1].text == "Water."
    assert desk.latest() == case.number


def test_M10_the_same_message_id_twice_is_one_entry(desk: Desk) -> None:
    desk.mail(ANN, message_id="<once@blue.example>")
    desk.mail(ANN, message_id="<once@blue.example>")
    assert len(desk.listed()) == 1
    assert len(desk.case(101).messages) == 1


def test_M12_an_out_of_office_never_reopens_and_is_answered_by_nobody(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    answer(desk, EVE, desk.mails()[0])
    (to_customer,) = desk.mails()
    answer(desk, ANN, to_customer, automatic=True, out_of_office=True, text="I am away.")
    after = desk.case(case.number)
    assert after.state == "done"
    assert after.messages[-1].automatic
    assert desk.mails() == []


def test_M12_a_section_may_open_a_linked_case_instead(desk: Desk) -> None:
    fields = {"reopen": "linked"}
    desk.command("save_section", id=1, version=desk.section["version"], fields=fields)
    case = desk.new_case(responsible=desk.eve)
    answer(desk, EVE, desk.mails()[0])
    (to_customer,) = desk.mails()
    answer(desk, ANN, to_customer, text="Another thing.")
    assert desk.case(case.number).state == "done"
    linked = desk.case(desk.latest())
    assert linked.number == case.number + 1
    assert f"[{case.number}]" in linked.history[0].reason


def test_M8_a_complaint_in_copy_makes_a_case_of_the_supplier(desk: Desk) -> None:
    supplier = "sales@steel.example"
    contacts = [{"address": supplier, "name": "Sales"}]
    fields = {"name": "Steel Inc", "is_supplier": True, "contacts": contacts}
    desk.command("save_partner", fields=fields)
    quality = desk.command(
        "save_section", fields={"name": "Quality", "close_on_partner_answer": True}
    )
    desk.mail(
        EVE,
        "Rusty beams",
        to=[supplier],
        cc=[SUPPORT],
        new_case={"kind": "quality", "section_id": quality["id"]},
        message_id="<complaint@ours.example>",
    )
    case = desk.case(desk.latest())
    assert (case.kind, case.state) == ("quality", "open")
    assert case.partner is not None and case.partner.name == "Steel Inc"
    assert case.responsible is not None and case.responsible.name == "Eve Expert"
    assert case.messages[0].direction == "out"

    # Whoever only claims to be the supplier closes nothing; his own answer to the complaint does.
    desk.mail(supplier, f"Re: [{case.number}] Rusty beams", case_number=case.number)
    assert desk.case(case.number).state == "open"
    desk.mail(supplier, "Re: Rusty beams", in_reply_to=("<complaint@ours.example>",))
    case = desk.case(case.number)
    assert (case.state, len(case.messages)) == ("done", 3)
    assert [one.verified for one in case.messages] == [True, False, True]


CARL, SALES, UNHEARD = "carl@blue.example", "sales@steel.example", "unheard@ours.example"


@pytest.mark.parametrize(
    ("mail", "contact", "watchers"),
    [
        ({"sender": ANN, "to": [UNHEARD]}, ANN, []),
        ({"sender": ANN, "to": [UNHEARD], "cc": [CARL]}, ANN, [CARL]),
        ({"sender": EVE, "to": [UNHEARD]}, EVE, []),
        ({"sender": EVE, "to": [SALES], "cc": [UNHEARD]}, SALES, []),
        ({"sender": EVE, "to": [SUPPORT], "cc": [CARL]}, EVE, [CARL]),
    ],
)
def test_M10_where_the_mail_reached_us_is_never_written_to(
    desk: Desk, mail: dict[str, Any], contact: str, watchers: list[str]
) -> None:
    desk.mail(**mail)
    case = desk.case(101)
    assert case.contact is not None and case.contact.address == contact
    assert [watcher.address for watcher in case.watchers] == watchers


def test_M10_a_crowd_in_copy_is_not_written_to(desk: Desk) -> None:
    desk.mail(ANN, cc=[f"one{n}@blue.example" for n in range(10_000)])
    assert desk.case(101).watchers == ()


@pytest.mark.parametrize("subject", ["", "x" * 500])
def test_M11_any_subject_makes_a_case(desk: Desk, subject: str) -> None:
    desk.mail(ANN, subject)
    assert desk.case(101).subject == (subject or "(no subject)")
