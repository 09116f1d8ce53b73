"""Issue 5 item 6: what a contact sees and does by a link, and what no link ever shows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from integration.cases.letters import ANN, BOB, CARL, EVE, WIM, full_case, recipients, we_wrote

from services.cases import portal_views, reply_keys
from services.cases.model.portal_token import make_portal_token
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.mail import MailOutcome, MailSend, MailSent
from services.contracts.portal import PortalCase, PortalLine
from services.contracts.rules import AddNote
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

FILE = {"filename": "fire.png", "content_type": "image/png", "size_bytes": 3, "sha256": "ab" * 32}


def link_in(mail: MailSend) -> str:
    """The token of the link in a mail of ours."""
    assert mail.data.portal is not None and mail.data.portal.address == ANN
    return mail.data.portal.token


def link_to(desk: Desk, number: int) -> str:
    return link_in(we_wrote(desk, number, ANN))


def seen(desk: Desk, token: str) -> PortalCase:
    with desk.database.read() as connection:
        case = portal_views.portal_view(connection, token, now()).case
    assert case is not None
    return case


def is_dead(desk: Desk, token: str, days: float = 0) -> bool:
    """Whether the link opens nothing in so many days."""
    with desk.database.read() as connection:
        try:
            portal_views.portal_view(connection, token, now() + timedelta(days=days))
        except NotFound as error:
            assert not token or token not in str(error)
            return True
    return False


def act(desk: Desk, name: str, token: str, **given: Any) -> int:
    answer = desk.command(name, actor_id=None, token=token, **given)
    return int(answer["number"])


def section(desk: Desk, **fields: Any) -> None:
    version = desk.directory("section", 1)["version"]
    desk.command("save_section", id=1, version=version, fields=fields)


def reply(desk: Desk, number: int, text: str, kind: str = "reply", **more: Any) -> None:
    desk.command("add_message", number=number, text=text, kind=kind, **more)


def test_portal_a_reply_brings_the_contact_a_link_and_nobody_else_one(desk: Desk) -> None:
    number = full_case(desk)
    reply(desk, number, "Use water.")
    mails = {frozenset(recipients(mail)): mail for mail in desk.mails()}
    assert seen(desk, link_in(mails[frozenset({ANN, CARL})])).number == number
    others = [mail for who, mail in mails.items() if ANN not in who]
    assert {one for mail in others for one in recipients(mail)} >= {EVE, BOB, WIM}
    assert all(mail.data.portal is None for mail in others)


def test_portal_no_link_for_our_own_people_or_where_the_section_wants_none(desk: Desk) -> None:
    number = full_case(desk)
    for address in (CARL, EVE, BOB, WIM):
        assert we_wrote(desk, number, address).data.portal is None
    token = link_to(desk, number)
    section(desk, portal=False)
    assert we_wrote(desk, number, ANN).data.portal is None
    assert is_dead(desk, token)
    section(desk, portal=True)
    fields = {"contact_address": BOB}
    desk.command("change_case", number=number, version=desk.case(number).version, fields=fields)
    assert we_wrote(desk, number, BOB).data.portal is None


def test_portal_nothing_of_ours_is_ever_shown(desk: Desk) -> None:
    """Marks in every field that a case has, in notes, rules and causes; none comes through."""
    number = full_case(desk, description="MARK description")
    reply(desk, number, "Use water.", minutes_spent=4711)
    reply(desk, number, "MARK note", "note", attachments=[{**FILE, "filename": "MARK.txt"}])
    desk.rule(number, AddNote(text="MARK from a rule"), name="MARK rule")
    fields = {
        "tags": ["MARK tag"],
        "estimated_revenue": "471100",
        "priority": "highest",
        "currency": "XTS",
        "category_id": desk.command("save_category", name="MARK category")["id"],
    }
    desk.command("change_case", number=number, version=desk.case(number).version, fields=fields)
    desk.command(
        "save_quality_action", number=number, fields={"text": "MARK action", "owner_id": desk.eve}
    )
    other = full_case(desk)
    desk.command("link_cases", number=number, other=other)
    desk.mail("mallory@evil.example", "Hi", text="MARK stranger", case_number=number)
    with desk.database.read() as connection:
        view = portal_views.portal_view(connection, link_to(desk, number), now())
    shown = json.dumps(view.model_dump(mode="json"))
    for mark in ("MARK", "4711", "XTS", "highest", EVE, BOB, WIM, CARL, "rule", "version"):
        assert mark not in shown, mark
    assert [entry.text for entry in seen(desk, link_to(desk, number)).entries] == ["Use water."]


def test_portal_both_sides_stand_in_order_with_their_files(desk: Desk) -> None:
    desk.mail(ANN, name="Ann", text="It burns.", attachments=(FILE,))
    number = desk.latest()
    reply(desk, number, "Use water.", attachments=[{**FILE, "filename": "water.pdf"}])
    token = link_to(desk, number)
    case = seen(desk, token)
    admin = desk.directory("user", 1)["name"]
    assert [(e.author, e.text, e.from_us, e.is_yours) for e in case.entries] == [
        ("Ann", "It burns.", False, True),
        (admin, "Use water.", True, False),
    ]
    files = [one.filename for entry in case.entries for one in entry.attachments]
    assert files == ["fire.png", "water.pdf"]
    assert (case.state, case.may_close) == ("in_work", True)


def test_portal_what_one_of_us_mailed_him_with_us_in_copy_is_shown(desk: Desk) -> None:
    desk.mail(EVE, "Offer", text="Our offer.", to=(ANN,), cc=("support@ours.example",))
    number = desk.latest()
    (entry,) = seen(desk, link_to(desk, number)).entries
    assert (entry.author, entry.text, entry.from_us) == ("Eve Expert", "Our offer.", True)


def test_portal_an_answer_takes_the_way_of_a_mail(desk: Desk) -> None:
    number = full_case(desk, "done")
    token = link_to(desk, number)
    act(desk, "portal_answer", token, text="It burns again.", attachments=[FILE])
    case = desk.case(number)
    entry = case.messages[-1]
    assert (case.state, entry.direction, entry.kind) == ("open", "in", "mail")
    assert (entry.author, entry.verified, entry.remark) == (ANN, True, "through the portal")
    assert entry.attachments[0]["filename"] == "fire.png"
    told = case.history[-1]
    assert (told.actor_kind, told.reason) == ("partner", "through the portal")
    passed_on = [mail for mail in desk.mails() if EVE in recipients(mail)]
    assert len(passed_on) == 1 and "It burns again." in passed_on[0].data.text
    assert passed_on[0].data.attachments[0].sha256 == FILE["sha256"]
    sent = {
        "command_id": passed_on[0].id,
        "message_id": passed_on[0].data.message_id,
        "message_number": passed_on[0].data.message_number,
    }
    for _ in range(2):
        data = MailOutcome.model_validate(sent)
        desk.take(MailSent(id=new_id(), occurred_at=now(), case_id=number, data=data))
        assert desk.case(number).messages[-1].remark == "through the portal; sent"
    assert seen(desk, token).entries[-1].is_yours


def test_portal_an_answer_sent_twice_stands_once(desk: Desk) -> None:
    number = full_case(desk)
    token = link_to(desk, number)
    for _ in range(2):
        act(desk, "portal_answer", token, text="Once.", idempotency_key="the form")
    assert [one.text for one in desk.case(number).messages] == ["Once."]


def test_portal_a_file_that_was_not_uploaded_is_refused(desk: Desk) -> None:
    token = link_to(desk, full_case(desk))
    stolen = {**FILE, "sha256": "", "mail_id": "a mail of somebody else's", "part": 1}
    with pytest.raises(InvalidRequest, match="upload the file"):
        act(desk, "portal_answer", token, text="x", attachments=[stolen])


def test_portal_he_closes_his_case_and_again_changes_nothing(desk: Desk) -> None:
    number = full_case(desk)
    token = link_to(desk, number)
    for _ in range(2):
        act(desk, "portal_close", token)
    case = desk.case(number)
    assert (case.state, seen(desk, token).state) == ("done", "closed")
    assert not seen(desk, token).may_close
    moves = [h for h in case.history if any(c.field == "state" for c in h.changes)]
    assert [(h.actor_kind, h.actor_name, h.reason) for h in moves][-1:] == [
        ("partner", ANN, "through the portal")
    ]
    assert len([h for h in moves if h.actor_kind == "partner"]) == 1


def test_portal_a_closed_case_goes_on_as_a_linked_one_where_the_section_wants(desk: Desk) -> None:
    number = full_case(desk, "done")
    section(desk, reopen="linked")
    token = link_to(desk, number)
    new = act(desk, "portal_answer", token, text="Something else.")
    assert new != number and desk.case(new).section == desk.case(number).section
    with desk.database.read() as connection:
        fresh = portal_views.portal_link(connection, new, now())
    assert [one.text for one in seen(desk, fresh).entries] == ["Something else."]


def test_portal_a_link_ends_with_its_time_its_contact_or_when_it_is_ended(desk: Desk) -> None:
    number = full_case(desk)
    token = link_to(desk, number)
    assert not is_dead(desk, token, 89) and is_dead(desk, token, 91)
    desk.command("end_portal_links", number=number)
    assert is_dead(desk, token)
    assert any(
        change.field == "portal_links_ended_at"
        for entry in desk.case(number).history
        for change in entry.changes
    )
    fresh = link_to(desk, number)
    assert not is_dead(desk, fresh)
    version = desk.case(number).version
    desk.command("change_case", number=number, version=version, fields={"contact_address": CARL})
    assert is_dead(desk, fresh)


def test_portal_a_forged_or_foreign_token_opens_nothing(desk: Desk) -> None:
    number, other = full_case(desk), full_case(desk)
    token = link_to(desk, number)
    signature = token.rpartition("-")[2]
    forged = make_portal_token("33" * 32, number, ANN, "case", now())
    moved = token.replace(f"{number}-", f"{other}-", 1)
    wider = token.replace("-c", "-m", 1)
    later = f"{number}-czzzzzzz-{signature}"
    with desk.database.read() as connection:
        key = reply_keys.all_keys(connection)[0]
    carls = make_portal_token(key, number, CARL, "case", now())
    for wrong in (forged, moved, wider, later, carls, token[:-1], "", "101", "x" * 5000, "\x00"):
        assert is_dead(desk, wrong), wrong
        with pytest.raises(NotFound):
            act(desk, "portal_close", wrong)
    assert not is_dead(desk, token.upper())


def test_portal_a_merged_case_leads_on_only_for_its_contact(desk: Desk) -> None:
    gone, stays = full_case(desk), full_case(desk)
    token = link_to(desk, gone)
    reply(desk, gone, "Said on the first.")
    desk.command("merge_case", number=gone, into=stays, version=desk.case(gone).version)
    case = seen(desk, token)
    assert (case.number, [one.text for one in case.entries]) == (stays, ["Said on the first."])
    act(desk, "portal_answer", token, text="And here.")
    assert desk.case(stays).messages[-1].text == "And here."
    desk.command("end_portal_links", number=stays)
    assert is_dead(desk, token)


def test_portal_a_case_merged_into_somebody_elses_is_closed_to_its_contact(desk: Desk) -> None:
    gone = full_case(desk)
    desk.mail("zoe@green.example", "Lamp", text="Private to Zoe.")
    stays = desk.latest()
    token = link_to(desk, gone)
    desk.command("merge_case", number=gone, into=stays, version=desk.case(gone).version)
    assert is_dead(desk, token)


def test_portal_what_was_merged_in_from_another_is_not_shown_to_its_contact(desk: Desk) -> None:
    stays = full_case(desk)
    desk.mail("zoe@green.example", "Lamp", text="Private to Zoe.")
    gone = desk.latest()
    reply(desk, gone, "Only for Zoe.")
    desk.command("merge_case", number=gone, into=stays, version=desk.case(gone).version)
    assert [one.text for one in seen(desk, link_to(desk, stays)).entries] == []


def test_portal_what_was_split_off_is_shown_where_it_went(desk: Desk) -> None:
    number = full_case(desk)
    reply(desk, number, "About the lamp.")
    given = {"number": number, "version": desk.case(number).version, "message_number": 1}
    new = desk.command("split_case", **given)["number"]
    reply(desk, new, "A note among us", "note")
    assert [one.text for one in seen(desk, link_to(desk, new)).entries] == ["About the lamp."]


def test_portal_all_cases_by_a_link_that_is_mailed_to_his_address_alone(desk: Desk) -> None:
    first, second = full_case(desk), full_case(desk)
    desk.mail("zoe@green.example", "Zoe's lamp")
    token = link_to(desk, first)
    act(desk, "portal_ask_for_cases", token)
    (mail,) = desk.mails()
    assert recipients(mail) == {ANN} and mail.data.automatic
    personal = link_in(mail)
    assert mail.data.portal is not None and mail.data.portal.opens == "cases"
    lines = listed(desk, personal)
    assert [line.number for line in lines] == [second, first]
    assert seen(desk, lines[0].token).number == second
    for name, more in (("answer", {"text": "x"}), ("close", {}), ("ask_for_cases", {})):
        with pytest.raises(NotFound):
            act(desk, f"portal_{name}", personal, **more)
    assert not is_dead(desk, personal, 0.9) and is_dead(desk, personal, 1.1)
    section(desk, portal=False)
    assert is_dead(desk, personal)


def listed(desk: Desk, token: str) -> tuple[PortalLine, ...]:
    with desk.database.read() as connection:
        view = portal_views.portal_view(connection, token, now())
    assert view.case is None and view.cases is not None
    return view.cases


def test_portal_a_link_quoted_in_an_answer_is_passed_on_to_nobody(desk: Desk) -> None:
    number = full_case(desk)
    mail = we_wrote(desk, number, ANN)
    token = link_in(mail)
    address = f"https://desk.example/portal/{token}"
    safe = f"https://guard.example/?url=https%3A%2F%2Fdesk.example%2Fportal%2F{token}&x"
    desk.mail(
        ANN,
        f"Re: [{number}] Printer",
        text=f"See {address} and {safe}",
        quoted=f"> Follow your case: {address}",
        html=f'<p><a href="{address.upper()}">here</a></p>',
        in_reply_to=(mail.data.message_id,),
    )
    kept = json.dumps(desk.case(number).model_dump(mode="json"))
    passed_on = [one for one in desk.mails() if CARL in recipients(one) or EVE in recipients(one)]
    assert len(passed_on) == 2
    for text in (kept, *(one.model_dump_json() for one in passed_on)):
        assert token not in text.lower()
    assert "https://desk.example/portal/…" in passed_on[0].data.text
