"""C6: partners are invited to a meeting, told of each change, and their answers stand on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from integration.cases.test_cases_filing import filed

from services.cases import meetings
from services.contracts.cases import CaseUpdated
from services.contracts.errors import InvalidRequest
from services.contracts.invitations import Invitation
from services.contracts.mail import MailSend

if TYPE_CHECKING:
    from conftest import Desk

ANN, CARL, EVE, MALLORY = (
    "ann@blue.example",
    "carl@blue.example",
    "eve@ours.example",
    "mallory@evil.example",
)
WEDNESDAY = datetime(2026, 11, 25, 13, tzinfo=UTC)
WEEK = timedelta(days=7)


def meeting(desk: Desk, **fields: Any) -> int:
    """A weekly meeting of Eve's with Ann, whom Carl watches; its number."""
    known = {
        "subject": "Plan",
        "kind": "meeting",
        "contact_address": ANN,
        "section_id": 1,
        "responsible_id": desk.eve,
        "watchers": [{"address": CARL}],
        "start": WEDNESDAY.isoformat(),
        "duration_minutes": 60,
        "recurrence": "FREQ=WEEKLY;BYDAY=WE",
        "time_zone": "Europe/Berlin",
    }
    number: int = desk.command("create_case", fields=known | fields, state="open")["number"]
    desk.events()
    return number


def on(desk: Desk, number: int, name: str, **more: Any) -> list[MailSend]:
    """What a command on the case has mailed."""
    desk.events()
    desk.command(name, number=number, version=desk.case(number).version, **more)
    return desk.mails()


@pytest.fixture
def number(desk: Desk) -> int:
    """An invited meeting."""
    found = meeting(desk)
    on(desk, found, "send_invitation")
    return found


def people(mail: MailSend) -> list[str]:
    return [one.address for one in (*mail.data.to, *mail.data.cc)]


def answers(desk: Desk, number: int) -> dict[str, str]:
    return {one.address: one.answer for one in desk.case(number).attendees}


def reply(desk: Desk, number: int, answer: str = "accepted", **more: Any) -> Invitation:
    with desk.database.read() as connection:
        known = meetings.of_case(connection, number, ours=True)
    assert known is not None
    fields = {"method": "REPLY", "uid": known.uid, "answer": answer, **more}
    return Invitation.model_validate(fields)


def test_the_contact_and_watchers_are_invited(desk: Desk) -> None:
    number = meeting(desk)
    (mail,) = on(desk, number, "send_invitation")
    assert people(mail) == [ANN, CARL] and mail.data.calendar is not None
    part = mail.data.calendar
    assert (part.method, part.sequence, part.start) == ("REQUEST", 0, WEDNESDAY)
    assert (part.recurrence, part.time_zone) == ("FREQ=WEEKLY;BYDAY=WE", "Europe/Berlin")
    assert mail.data.subject == f"[{number}] Invitation: Plan"
    assert "Wed 25 Nov 2026, 14:00–15:00 (Europe/Berlin)" in mail.data.text
    assert "Further dates: Wed 2 Dec 2026; Wed 9 Dec 2026" in mail.data.text
    assert answers(desk, number) == {ANN: "waiting", CARL: "waiting"}
    assert "invited: ann@blue.example, carl@blue.example" in desk.case(number).history[-1].reason


def test_nobody_is_asked_twice(desk: Desk, number: int) -> None:
    with pytest.raises(InvalidRequest, match="everybody on it is invited"):
        on(desk, number, "send_invitation")
    watchers = [{"address": CARL}, {"address": EVE}, {"address": "dora@blue.example"}]
    on(desk, number, "change_case", fields={"watchers": watchers})
    (mail,) = on(desk, number, "send_invitation")
    assert people(mail) == ["dora@blue.example"]  # Eve, who holds it, needs no invitation
    assert mail.data.calendar is not None
    assert len(mail.data.calendar.attendees) == 3


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"start": None, "recurrence": ""}, "open"),
        ({}, "done"),
        ({"contact_address": None}, "open"),
    ],
)
def test_what_cannot_be_invited_to(desk: Desk, fields: dict[str, Any], state: str) -> None:
    number = meeting(desk, watchers=[], **fields)
    if state != "open":
        on(desk, number, "move_case", state=state)
    with pytest.raises(InvalidRequest):
        on(desk, number, "send_invitation")


def test_a_move_of_all_is_told_and_asked_anew(desk: Desk, number: int) -> None:
    filed(desk, ANN, invitation=reply(desk, number))
    assert answers(desk, number)[ANN] == "accepted"
    later = (WEDNESDAY + timedelta(hours=1)).isoformat()
    (mail,) = on(desk, number, "move_event", start=later, duration_minutes=60)
    part = mail.data.calendar
    assert part is not None
    assert (part.method, part.sequence, part.only) == ("REQUEST", 1, ())
    assert answers(desk, number) == {ANN: "waiting", CARL: "waiting"}
    # What answers the earlier time says nothing of this one.
    filed(desk, ANN, invitation=reply(desk, number, sequence=0))
    assert answers(desk, number)[ANN] == "waiting"
    assert "an earlier invitation" in desk.case(number).messages[-1].remark
    filed(desk, ANN, invitation=reply(desk, number, sequence=1))
    assert answers(desk, number)[ANN] == "accepted"


def test_one_of_a_series_is_told_alone(desk: Desk, number: int) -> None:
    filed(desk, ANN, invitation=reply(desk, number))
    original = WEDNESDAY + WEEK
    moved = {"scope": "this", "original": original.isoformat()}
    later = (original + timedelta(days=1)).isoformat()
    (mail,) = on(desk, number, "move_event", **moved, start=later, duration_minutes=30)
    part = mail.data.calendar
    assert part is not None and (part.method, part.only) == ("REQUEST", (original,))
    assert "Thu 3 Dec 2026, 14:00–14:30" in mail.data.text and "Instead of: Wed" in mail.data.text
    ann = desk.case(number).attendees[0]
    assert ann.answer == "accepted"
    assert [(one.original, one.answer) for one in ann.single] == [(original, "waiting")]
    filed(desk, ANN, invitation=reply(desk, number, "declined", original=original, sequence=1))
    assert desk.case(number).attendees[0].single[0].answer == "declined"

    (mail,) = on(desk, number, "move_event", **moved, cancelled=True)
    part = mail.data.calendar
    assert part is not None and (part.method, part.sequence) == ("CANCEL", 2)
    assert part.only == (original,) and desk.case(number).state == "open"


def test_all_following_go_on_as_a_meeting_of_their_own(desk: Desk, number: int) -> None:
    filed(desk, ANN, invitation=reply(desk, number))
    original = WEDNESDAY + 2 * WEEK
    following = {"scope": "following", "original": original.isoformat()}
    later = (original + timedelta(hours=2)).isoformat()
    sent = on(desk, number, "move_event", **following, start=later, duration_minutes=60)
    ended, begun = [mail for mail in sent if mail.data.calendar]  # Eve is told of the new case
    assert ended.data.calendar is not None and begun.data.calendar is not None
    assert "UNTIL=20261202" in ended.data.calendar.recurrence
    assert answers(desk, number)[ANN] == "accepted"  # what is left is where it was
    assert begun.case_id != number and begun.data.calendar.uid != ended.data.calendar.uid
    assert people(begun) == [ANN, CARL] and begun.data.calendar.sequence == 0


def test_a_cancelled_meeting_is_called_off_and_on_again(desk: Desk, number: int) -> None:
    (mail,) = on(desk, number, "move_case", state="cancelled")
    assert mail.data.calendar is not None and mail.data.subject == f"[{number}] Cancelled: Plan"
    assert (mail.data.calendar.method, mail.data.calendar.sequence) == ("CANCEL", 1)
    (mail,) = on(desk, number, "move_case", state="open")
    assert mail.data.calendar is not None
    assert (mail.data.calendar.method, mail.data.calendar.sequence) == ("REQUEST", 2)


def test_a_meeting_that_took_place_or_changes_otherwise_mails_nobody(
    desk: Desk, number: int
) -> None:
    assert on(desk, number, "change_case", fields={"priority": "high"}) == []
    assert on(desk, number, "move_case", state="pending") == []
    assert on(desk, number, "move_case", state="done") == []


def test_who_leaves_the_case_hears_that_it_is_off_for_him_alone(desk: Desk, number: int) -> None:
    (mail,) = on(desk, number, "change_case", fields={"watchers": []})
    assert people(mail) == [CARL] and mail.data.calendar is not None
    assert mail.data.calendar.method == "CANCEL"
    assert [one.address for one in mail.data.calendar.attendees] == [CARL]
    assert list(answers(desk, number)) == [ANN]


def test_an_answer_stands_in_the_history_with_its_cause_and_as_an_event(
    desk: Desk, number: int
) -> None:
    desk.events()
    given = {"text": "", "invitation": reply(desk, number)}
    mail = desk.mail(ANN, name="Ann", subject="Accepted: Plan", **given)
    events = desk.events()
    (changed,) = [one for one in events if isinstance(one, CaseUpdated)]
    assert changed.data.changes[0].field == "attendees"
    assert [link.id for link in changed.cause] == [mail.id]
    case = desk.case(number)
    assert "accepted the invitation" in case.history[-1].reason
    assert case.messages[-1].kind == "note" and case.messages[-1].verified
    assert not [one for one in events if isinstance(one, MailSend)]  # nobody has to do anything


@pytest.mark.parametrize(
    ("answer", "mail", "told"),
    [
        ("declined", {}, "Ann does not come to the meeting"),
        ("tentative", {}, ""),
        ("accepted", {"text": "I bring the drawings."}, "I bring the drawings."),
        ("accepted", {"text": "Ann has accepted.", "automatic": True}, ""),
        ("declined", {"text": "Ann has declined.", "automatic": True}, "Ann does not come"),
    ],
)
def test_the_responsible_hears_what_he_can_act_on(
    desk: Desk, number: int, answer: str, mail: dict[str, Any], told: str
) -> None:
    desk.events()
    given = {"text": "", **mail}
    desk.mail(ANN, name="Ann", invitation=reply(desk, number, answer), **given)
    sent = desk.mails()
    assert [people(one) for one in sent] == ([[EVE]] if told else [])
    assert not told or told in sent[0].data.text
    assert answers(desk, number)[ANN] == answer


def test_a_stranger_is_noted_and_changes_nothing(desk: Desk, number: int) -> None:
    before = len(desk.listed())
    found = filed(desk, MALLORY, invitation=reply(desk, number, "declined"))
    assert (found.how, found.case_number) == ("invitation", number)
    note = desk.case(number).messages[-1]
    assert not note.verified and "was not invited" in note.remark
    assert answers(desk, number) == {ANN: "waiting", CARL: "waiting"}
    assert len(desk.listed()) == before and desk.mails() == []


@pytest.mark.parametrize(
    "more",
    [
        {"invitation": {"attendee": CARL}},
        {"authentication": "fail"},
    ],
)
def test_who_is_shown_to_be_another_changes_nothing(
    desk: Desk, number: int, more: dict[str, Any]
) -> None:
    given = {**more, "invitation": reply(desk, number, **more.get("invitation", {}))}
    filed(desk, ANN, **given)
    assert answers(desk, number) == {ANN: "waiting", CARL: "waiting"}
    assert not desk.case(number).messages[-1].verified


def test_an_answer_neither_opens_a_case_nor_opens_it_again(desk: Desk, number: int) -> None:
    on(desk, number, "move_case", state="done")
    before = len(desk.listed())
    # Without the number in its subject, and answering no mail of ours: as some programs do.
    filed(desk, ANN, subject="Accepted: Plan", invitation=reply(desk, number))
    assert desk.case(number).state == "done" and len(desk.listed()) == before
    assert answers(desk, number)[ANN] == "accepted"


def test_another_time_is_kept_as_a_wish(desk: Desk, number: int) -> None:
    wish = WEDNESDAY + timedelta(hours=3)
    counter = reply(desk, number).model_copy(
        update={"method": "COUNTER", "start": wish, "duration_minutes": 60, "answer": "tentative"}
    )
    desk.mail(ANN, name="Ann", text="", invitation=counter)
    case = desk.case(number)
    assert case.start == WEDNESDAY and answers(desk, number)[ANN] == "waiting"
    assert "proposes Wed 25 Nov 2026, 16:00–17:00 (UTC)" in case.messages[-1].remark
    (told,) = desk.mails()
    assert people(told) == [EVE] and "proposes another time" in told.data.text


def test_nobody_else_moves_our_meeting(desk: Desk, number: int) -> None:
    asked = reply(desk, number).model_copy(
        update={"method": "REQUEST", "start": WEDNESDAY + WEEK, "sequence": 9}
    )
    filed(desk, ANN, invitation=asked, authentication="pass")
    assert desk.case(number).start == WEDNESDAY


def test_whoever_invited_us_is_not_invited(desk: Desk) -> None:
    asked = Invitation(method="REQUEST", uid="m1@blue.example", start=WEDNESDAY)
    found = filed(desk, ANN, subject="Plan", invitation=asked)
    assert found.case_number is not None
    with pytest.raises(InvalidRequest, match="we were invited"):
        on(desk, found.case_number, "send_invitation")
