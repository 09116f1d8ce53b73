"""Files that people send along with a reply or a note (K3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.contracts.errors import InvalidRequest
from services.contracts.mail import MailOutcome, MailSent
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE = "ann@blue.example", "eve@ours.example"
FILE: dict[str, Any] = {
    "sha256": "ab" * 32,
    "filename": "manual.pdf",
    "content_type": "application/pdf",
    "size_bytes": 10,
}


def test_K3_a_reply_takes_its_files_along_to_the_partner_and_to_our_people(desk: Desk) -> None:
    number = desk.new_case(responsible=desk.eve).number
    desk.mails()
    desk.command("add_message", number=number, text="See page 7", attachments=[FILE])
    by_first = {mail.data.to[0].address: mail.data for mail in desk.mails()}
    assert set(by_first) == {ANN, EVE}
    for data in by_first.values():
        (attached,) = data.attachments
        assert (attached.sha256, attached.filename) == (FILE["sha256"], "manual.pdf")
    (shown,) = desk.case(number).messages[-1].attachments
    assert shown["sha256"] == FILE["sha256"]


def test_K9_a_file_on_a_note_stays_with_our_own_people(desk: Desk) -> None:
    number = desk.new_case().number
    desk.mails()
    note = {"kind": "note", "text": "His contract", "attachments": [FILE]}
    desk.command("add_message", number=number, **note)
    assert desk.mails() == []
    assert desk.case(number).messages[-1].attachments[0]["filename"] == "manual.pdf"


def test_K3_the_next_responsible_gets_each_file_once(desk: Desk) -> None:
    number = desk.new_case().number
    for text in ("See page 7", "Page 8, sorry"):
        desk.command("add_message", number=number, text=text, attachments=[FILE])
    desk.mails()
    fields = {"responsible_id": desk.eve}
    desk.command("change_case", number=number, version=desk.case(number).version, fields=fields)
    (mail,) = desk.mails()
    assert [one.filename for one in mail.data.attachments] == ["manual.pdf"]


def test_K3_what_was_not_uploaded_is_refused_and_no_foreign_mail_is_reached(desk: Desk) -> None:
    number = desk.new_case().number
    bare = {**FILE, "sha256": "", "mail_id": "somebody else's", "part": 1}
    with pytest.raises(InvalidRequest) as refused:
        desk.command("add_message", number=number, text="x", attachments=[FILE, bare])
    assert refused.value.field == "attachments.1"
    desk.mails()
    crafted = {**FILE, "mail_id": "somebody else's", "part": 1}
    desk.command("add_message", number=number, text="x", attachments=[crafted])
    (attached,) = desk.mails()[0].data.attachments
    assert (attached.mail_id, attached.part) == ("", 0)


def test_K3_a_mail_that_went_without_a_file_says_so_on_its_entry(desk: Desk) -> None:
    number = desk.new_case().number
    desk.command("add_message", number=number, text="See page 7", attachments=[FILE])
    mail = next(m for m in desk.mails() if m.data.purpose == "reply")
    outcome = MailOutcome(
        command_id=mail.id,
        message_id=mail.data.message_id,
        recipients=(ANN,),
        message_number=mail.data.message_number,
        why="without manual.pdf, too large or gone",
    )
    desk.take(MailSent(id=new_id(), occurred_at=now(), case_id=number, data=outcome))
    assert desk.case(number).messages[-1].remark == "sent without manual.pdf, too large or gone"
