"""One message becomes a case of its own, and answers to it go there (decision 0009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.errors import InvalidRequest, StaleVersion

if TYPE_CHECKING:
    from conftest import Desk

ANN, TOM, EVE = "ann@blue.example", "tom@red.example", "eve@ours.example"


def split(desk: Desk, number: int, message: int, **more: Any) -> dict[str, Any]:
    version = desk.case(number).version
    given = {"number": number, "version": version, "message_number": message, **more}
    return desk.command("split_case", **given)


def with_another_matter(desk: Desk) -> tuple[int, str]:
    """A case of Ann's that Eve looks after, on which Ann also wrote of a lamp; that mail's id."""
    number = desk.new_case(responsible=desk.eve, cc=[TOM]).number
    lamp = desk.mail(ANN, f"Re: [{number}] The lamp", case_number=number, text="It flickers.")
    return number, lamp.data.message_id


def test_K3_a_message_becomes_the_first_of_a_new_case(desk: Desk) -> None:
    number, _ = with_another_matter(desk)
    before = desk.case(number)
    new = desk.case(split(desk, number, 2)["number"])
    assert (new.subject, new.description, new.state) == ("The lamp", "It flickers.", "open")
    assert new.contact is not None and new.contact.address == ANN
    assert new.responsible == before.responsible and new.section == before.section
    (first,) = new.messages
    assert (first.number, first.text, first.from_case) == (1, "It flickers.", number)
    assert (first.at, first.author) == (before.messages[1].at, before.messages[1].author)
    assert [(one.relation, one.number) for one in new.links] == [("follows", number)]
    stayed = desk.case(number)
    assert f"goes on on case [{new.number}]" in stayed.messages[1].remark
    assert f"became case [{new.number}]" in stayed.history[-1].reason


def test_K3_the_subject_may_be_given(desk: Desk) -> None:
    number, _ = with_another_matter(desk)
    assert split(desk, number, 2, subject="Flickering")["subject"] == "Flickering"


def test_K3_the_writer_is_the_contact_of_the_new_case(desk: Desk) -> None:
    number, _ = with_another_matter(desk)
    desk.mail(TOM, f"Re: [{number}]", name="Tom", case_number=number, text="My chair, too")
    new = split(desk, number, 3)
    assert (new["contact"]["address"], new["contact"]["name"]) == (TOM, "Tom")
    assert new["subject"] == "Printer is on fire", "an empty subject is that of the old case"


def test_M4_answers_to_the_message_go_to_the_new_case(desk: Desk) -> None:
    number, lamp = with_another_matter(desk)
    passed_on = desk.mails()[-1].data.message_id
    new = split(desk, number, 2)["number"]
    desk.mail(ANN, f"Re: [{number}] The lamp", case_number=number, in_reply_to=(lamp,))
    assert len(desk.case(new).messages) == 2
    desk.mail(EVE, f"Re: [{number}] The lamp", case_number=number, in_reply_to=(passed_on,))
    answered = desk.case(new).messages[-1]
    assert (answered.direction, answered.verified) == ("out", True)
    assert len(desk.case(number).messages) == 2


def test_M4_answers_to_other_messages_stay_where_they_were(desk: Desk) -> None:
    number, lamp = with_another_matter(desk)
    first = desk.mails()[0].data.message_id
    new = split(desk, number, 2)["number"]
    thread = {"in_reply_to": (first,), "references": (lamp, first)}
    desk.mail(EVE, f"Re: [{number}] Printer", case_number=number, **thread)
    assert len(desk.case(number).messages) == 3
    assert len(desk.case(new).messages) == 1


def test_M4_answers_follow_a_message_of_a_merged_case(desk: Desk) -> None:
    number, lamp = with_another_matter(desk)
    stays = desk.command("create_case", fields={"subject": "All fires"})["number"]
    version = desk.case(number).version
    desk.command("merge_case", number=number, version=version, into=stays)
    entry = next(one for one in desk.case(stays).messages if one.text == "It flickers.")
    new = split(desk, stays, entry.number)["number"]
    assert desk.case(new).messages[0].from_case == number
    desk.mail(ANN, f"Re: [{number}]", case_number=number, in_reply_to=(lamp,), text="Again")
    assert desk.case(new).messages[-1].text == "Again"


def test_splitting_what_cannot_be_says_why(desk: Desk) -> None:
    number, _ = with_another_matter(desk)
    with pytest.raises(InvalidRequest, match=f"message_number: case {number} has no message 9"):
        split(desk, number, 9)
    with pytest.raises(StaleVersion):
        desk.command("split_case", number=number, version=1, message_number=1)
