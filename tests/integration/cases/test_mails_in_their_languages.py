"""What our mails say of their own accord, whom they quote, and how they thread (M5-M7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders.mails import SUPPORT

from services.contracts import rules
from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, BOB = "ann@blue.example", "eve@ours.example", "bob@ours.example"
ASKED = "Why does it burn?"


def speaks(desk: Desk, who: int, language: str) -> None:
    version = desk.directory("user", who)["version"]
    desk.command("save_user", id=who, version=version, fields={"language": language})


def section(desk: Desk, **fields: Any) -> None:
    version = desk.directory("section", 1)["version"]
    desk.command("save_section", id=1, version=version, fields=fields)


def answer(desk: Desk, sender: str, to: Any, **more: Any) -> Any:
    references = (*to.data.references, to.data.message_id)
    about = {"case_number": to.case_id, "in_reply_to": (to.data.message_id,)}
    return desk.mail(sender, f"Re: {to.data.subject}", references=references, **about, **more)


def to(address: str, mails: list[Any]) -> Any:
    (found,) = [one for one in mails if one.data.to[0].address == address]
    return found


def test_M5_our_own_people_get_their_mails_in_their_own_language(desk: Desk) -> None:
    speaks(desk, desk.eve, "de-AT")
    speaks(desk, desk.bob, "fr")
    case = desk.new_case(responsible=desk.eve, cc=[BOB])
    (passed_on,) = desk.mails()
    assert passed_on.data.language == "de"
    assert passed_on.data.text.startswith("Dieser Vorgang gehört jetzt Ihnen.")
    assert f"Vorgang [{case.number}] Printer is on fire" in passed_on.data.text
    desk.command("add_message", number=case.number, kind="note", text="Mind the dog.")
    desk.mails()
    desk.mail(ANN, f"[{case.number}] more", case_number=case.number, name="Ann", text="Help!")
    mails = desk.mails()
    german, french = to(EVE, mails).data, to(BOB, mails).data
    assert german.text.startswith("Ann (nicht bestätigt: ")
    assert f"schrieb zu Vorgang [{case.number}]:\n\nHelp!" in german.text
    assert (french.language, f"au sujet du dossier [{case.number}] :" in french.text) == (
        "fr",
        True,
    )


def test_M5_who_knows_no_language_of_ours_reads_english_in_one_mail_with_others(desk: Desk) -> None:
    speaks(desk, desk.bob, "nl")
    desk.new_case(responsible=desk.eve, cc=[BOB])
    case = desk.latest()
    desk.mails()
    desk.mail(ANN, f"[{case}] more", case_number=case, text="Help!")
    (mail,) = desk.mails()
    assert [one.address for one in (*mail.data.to, *mail.data.cc)] == [EVE, BOB]
    assert f"wrote on case [{case}]:" in mail.data.text


def test_M6_the_section_signs_mails_to_the_partner_in_its_language(desk: Desk) -> None:
    section(desk, signature="Ihr Service\nBlue GmbH", language="de")
    speaks(desk, desk.eve, "fr")
    case = desk.new_case(responsible=desk.eve, cc=["carl@blue.example"])
    passed_on = to(EVE, desk.mails())
    assert (passed_on.data.signature, passed_on.data.language) == ("", "fr")
    answer(desk, EVE, passed_on, text="Use water.")
    reply = to(ANN, desk.mails())
    assert (reply.data.signature, reply.data.language) == ("Ihr Service\nBlue GmbH", "de")
    answer(desk, ANN, reply, name="Ann", text="It helped.")
    copy = to("carl@blue.example", desk.mails())
    assert copy.data.text == "Ann schrieb:\n\nIt helped."
    assert copy.data.signature and copy.data.quotation is None
    desk.rule(case.number, rules.Remind(whom="partner"), rules.Remind(whom="responsible"))
    mails = desk.mails()
    assert to(ANN, mails).data.text.startswith(f"Eine Erinnerung an Vorgang [{case.number}]")
    assert "état : ouvert" in to(EVE, mails).data.text
    assert (to(ANN, mails).data.signature, to(EVE, mails).data.signature) == (
        "Ihr Service\nBlue GmbH",
        "",
    )


def test_M6_a_reply_quotes_what_the_partner_wrote_last(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve, text=ASKED)
    passed_on = to(EVE, desk.mails())
    answer(desk, EVE, passed_on, text="Use water.", quoted="> all that we keep to ourselves")
    by_mail = to(ANN, desk.mails()).data
    assert by_mail.quotation is not None
    assert (by_mail.quotation.author, by_mail.quotation.text) == ("Ann", ASKED)
    assert by_mail.quotation.at == case.messages[0].at
    desk.command("add_message", number=case.number, kind="reply", text="Or sand.")
    mails = desk.mails()
    assert to(ANN, mails).data.quotation == by_mail.quotation
    assert to(EVE, mails).data.quotation is None, "our own people have the thread"


def test_M6_nothing_is_quoted_twice_nor_what_nobody_vouches_for(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve, text=ASKED)
    passed_on = to(EVE, desk.mails())
    answer(desk, EVE, passed_on, text=f"> {ASKED}\nUse water.")
    assert to(ANN, desk.mails()).data.quotation is None
    desk.mail(ANN, f"[{case.number}]", case_number=case.number, text="Pay at once")
    desk.mails()
    desk.command("add_message", number=case.number, kind="reply", text="No.")
    assert to(ANN, desk.mails()).data.quotation is None


def test_M6_a_long_mail_is_quoted_in_part(desk: Desk) -> None:
    case = desk.new_case(text="x" * 50_000)
    desk.command("add_message", number=case.number, kind="reply", text="Too long.")
    quotation = to(ANN, desk.mails()).data.quotation
    assert len(quotation.text) < 10_100 and quotation.text.endswith("[…]")


def test_M4_each_reader_has_what_his_mails_refer_to(desk: Desk) -> None:
    first = desk.mail(ANN, name="Ann").data.message_id
    number = desk.latest()
    fields = {"responsible_id": desk.eve}
    desk.command("change_case", number=number, version=desk.case(number).version, fields=fields)
    passed_on = to(EVE, desk.mails()).data
    assert (passed_on.references, passed_on.in_reply_to) == ((first,), first)
    desk.command("add_message", number=number, kind="reply", text="One.")
    mails = desk.mails()
    one, eve_one = to(ANN, mails).data, to(EVE, mails).data
    assert (one.references, one.in_reply_to) == ((first,), first)
    desk.command("add_message", number=number, kind="reply", text="Two.")
    mails = desk.mails()
    two, eve_two = to(ANN, mails).data, to(EVE, mails).data
    assert two.references == (first, one.message_id) and two.in_reply_to == one.message_id
    assert eve_two.in_reply_to == eve_one.message_id and eve_two.references[0] == first
    assert two.subject == one.subject == f"[{number}] Printer is on fire"


def test_M4_the_partner_sees_no_reference_to_what_our_people_wrote(desk: Desk) -> None:
    first = desk.mail(ANN).data.message_id
    case = desk.case(desk.latest())
    fields = {"responsible_id": desk.eve}
    desk.command("change_case", number=case.number, version=case.version, fields=fields)
    his = answer(desk, EVE, to(EVE, desk.mails()), text="Use water.").data.message_id
    reply = to(ANN, desk.mails()).data
    assert his not in reply.references
    assert (reply.references, reply.in_reply_to) == ((first,), first)


def test_M4_a_case_that_no_mail_began_is_one_thread_too(desk: Desk) -> None:
    fields = {"subject": "A call", "contact_address": ANN}
    number = desk.command("create_case", fields=fields)["number"]
    found = []
    for text in ("One.", "Two."):
        desk.command("add_message", number=number, kind="reply", text=text)
        found.append(to(ANN, desk.mails()))
    one, two = (mail.data for mail in found)
    root = one.references[0]
    assert one.references == (root,) and one.in_reply_to is None
    assert two.references == (root, one.message_id) and two.in_reply_to == one.message_id
    his = answer(desk, ANN, found[1], text="Yes?").data.message_id
    desk.mails()
    desk.command("add_message", number=number, kind="reply", text="Three.")
    three = to(ANN, desk.mails()).data
    assert three.references[0] == root and three.in_reply_to == his


def test_M4_a_long_thread_keeps_its_first_and_its_last_references(desk: Desk) -> None:
    case = desk.new_case()
    for count in range(30):
        desk.command("add_message", number=case.number, kind="reply", text=f"Reply {count}")
    mails = [one.data for one in desk.mails()]
    last = mails[-1]
    assert len(last.references) == 21
    assert last.references[0] == mails[0].references[0]
    assert last.references[1:] == tuple(one.message_id for one in mails[-21:-1])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"language": "German"}, "language"),
        ({"language": ""}, "language"),
        ({"signature": "x" * 2001}, "signature"),
        ({"plus_addresses": True, "reply_address": None}, "plus_addresses"),
    ],
)
def test_M6_what_a_section_cannot_be_is_refused(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        section(desk, **fields)
    assert raised.value.field == field
    section(desk, language="pt-BR", plus_addresses=True, reply_address=SUPPORT)
