"""The uses and examples of rules that the text behind this product gives, each from front door
to front door: real mails in and out, rules from the shipped files, days that go by (A5–A8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from journeys.office import (
    DEMO,
    EXPERT,
    LEA,
    LEAS_PASSWORD,
    NINA,
    PAUL,
    STAN,
    TINA,
    Office,
)
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for

CALL = "The production manager calls the supplier after a week"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def office(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One running system for the whole file; each test writes to and from people of its own."""
    peer = SmtpPeer()
    peer.start()
    system = RunningSystem(tmp_path_factory.mktemp("reference") / "home", own_broker)
    with system.running():
        yield Office(system, peer)
    peer.stop()


@pytest.fixture
def later(office: Office) -> Iterator[Office]:
    """The office whose test lets days go by; the next one begins today again."""
    yield office
    office.days_later(0)


def test_A8_use_1_the_client_hears_of_each_phase(office: Office) -> None:
    ann = "ann@phases.example"
    subject = office.writes(ann, "My invoice is wrong", "Please look at number 7.")
    office.mail(ann, "We have your request", subject)
    case = office.case(subject, state="open", responsible="Demo User")
    office.mail(ann, "is being worked on", "Demo User looks after")

    path = f"/cases/{case['number']}"
    office.api.post(f"{path}/state", 200, version=_version(office, subject), state="pending")
    office.mail(ann, "We wait for your answer", subject)
    office.case(subject, state="pending")
    office.api.post(f"{path}/state", 200, version=_version(office, subject), state="done")
    thanks = office.mail(ann, "Your request is done", subject)
    office.answers(thanks, ann, "It is still wrong.")
    office.case(subject, state="open")
    assert f"[{case['number']}]" in str(thanks["Subject"])


def test_A8_use_2_who_is_on_holiday_is_stood_in_for(office: Office) -> None:
    demo = office.api.get(f"/users/{office.users['demo']}")
    today = datetime.now(UTC).date()
    away = {
        "absent_from": str(today - timedelta(days=1)),
        "absent_until": str(today + timedelta(days=9)),
        "stand_in_id": office.users["stan"],
    }
    path = f"/users/{demo['id']}"
    demo = office.api.patch(path, version=demo["version"], **away)
    subject = office.writes("bea@holiday.example", "A question", "Where do I find the manual?")
    case = office.case(subject, state="open", responsible="Stan Standin")
    office.mail(STAN, f"[{case['number']}]", "Where do I find the manual?")
    office.mail("bea@holiday.example", "Stan Standin looks after")
    back = {"absent_from": None, "absent_until": None}
    office.api.patch(path, version=demo["version"], **back)
    again = office.writes("bea@holiday.example", "Another question", "And the other manual?")
    office.case(again, state="open", responsible="Demo User")


def test_A7_use_3_a_supplier_who_does_not_answer_is_reminded(later: Office) -> None:
    office, supplier = later, "sales@slow.example"
    office.partner("Slow Pumps", supplier, is_supplier=True)
    subject = str(office.complains(supplier, "Pumps arrive late", "When do they come?")["Subject"])
    case = office.case(subject, state="open", kind="quality", partner="Slow Pumps")
    other = office.writes("cara@control.example", "Another thing", "It shows what is due by then.")
    number = office.case(other, state="open", responsible="Demo User")["number"]
    office.days_later(2.9)
    office.mail(EXPERT, f"[{number}]")
    assert not office.got(supplier, "we still wait")
    office.days_later(3.01)
    reminder = office.mail(supplier, "we still wait for your answer", "When do they come?")
    assert f"[{case['number']}]" in str(reminder["Subject"])


def test_A6_use_4_a_major_client_is_urgent(office: Office) -> None:
    office.partner("Mosaic Bank", "mia@mosaic.example", "Major client")
    subject = office.writes("mia@mosaic.example", "We cannot sign in", "None of us can.")
    case = office.case(subject, priority="highest", tags=["urgent"], state="open")
    other = office.writes("max@small.example", "I cannot sign in", "Help.")
    assert office.case(other, state="open")["priority"] == "normal"
    entry = next(e for e in case["history"] if e["actor_name"] == "A major client is urgent")
    assert "its partner Mosaic Bank is in category Major client" in entry["reason"]


def test_A8_use_5_a_technical_fault_goes_to_technical_services(office: Office) -> None:
    subject = office.writes("kim@fault.example", "Fault 17 on the display", "It blinks.")
    case = office.case(subject, section="Technical services", category="Technical fault")
    assert (case["state"], case["responsible"]["name"]) == ("open", "Tina Technician")
    office.mail(TINA, f"[{case['number']}]", "It blinks.")
    assert office.fired(case["number"], "Assign new cases") == 0


def test_A5_example_1_an_expert_gets_a_copy_after_two_days_and_may_answer(later: Office) -> None:
    office, rita = later, "rita@complex.example"
    subject = office.writes(rita, "It is slow", "Very slow since Monday.")
    number = office.case(subject, state="open", responsible="Demo User")["number"]
    closed = office.writes(rita, "It was slow", "Not any more.")
    done = office.case(closed, state="open", responsible="Demo User")
    path = f"/cases/{done['number']}/state"
    office.api.post(path, 200, version=_version(office, closed), state="done")
    asked = office.mail(DEMO, f"[{number}]", "Very slow since Monday.")
    office.answers(asked, DEMO, "Which version is it?")
    question = office.mail(rita, "Which version is it?")
    assert not office.got(EXPERT, f"[{number}]")

    office.days_later(2.01)
    copy = office.mail(EXPERT, f"[{number}]", "Very slow since Monday.", "Which version is it?")
    office.mail(DEMO, "reminder", f"[{number}]")
    office.answers(question, rita, "Version 12.")
    office.mail(EXPERT, f"[{number}]", "Version 12.")
    office.answers(copy, EXPERT, "Version 12 is slow; take 13.")
    office.mail(rita, "take 13")
    assert office.fired(number, "Copy to an expert after 2 days") == 1
    assert not office.got(EXPERT, f"[{done['number']}]")


def test_K4_example_1_level_1_hears_what_level_2_answers(office: Office) -> None:
    lars = "lars@levels.example"
    subject = office.writes(lars, "A hard one", "Why does it do that?")
    case = office.case(subject, state="open", responsible="Demo User")
    path = f"/cases/{case['number']}"
    office.api.post(f"{path}/escalate", 200, version=_version(office, subject))
    case = office.case(subject, section="Level 2")
    assert DEMO in [watcher["address"] for watcher in case["watchers"]]
    lea = Api(office.system.web).sign_in("lea", LEAS_PASSWORD)
    lea.post(f"{path}/messages", kind="reply", text="It does that when it is cold.")
    office.mail(lars, "when it is cold")
    office.mail(DEMO, f"[{case['number']}]", "when it is cold")
    assert office.case(subject, responsible="Lea Leveltwo")
    assert not office.got(LEA, "when it is cold")


def test_A6_example_1_gold_partners_have_priority(office: Office) -> None:
    office.partner("Golden Gate", "gus@gold.example", "Gold")
    subject = office.writes("gus@gold.example", "A small thing", "It squeaks.")
    case = office.case(subject, state="open", priority="high")
    entry = next(e for e in case["history"] if e["actor_name"] == "Priority to Gold partners")
    assert "Support Contract / Gold" in entry["reason"]
    chain = [link["name"] for link in entry["cause"] if link["kind"] == "rule"]
    assert chain == ["Assign new cases", "Priority to Gold partners"]
    office.partner("Plain Ltd", "pia@plain.example", "Normal")
    other = office.writes("pia@plain.example", "A small thing", "It squeaks too.")
    assert office.case(other, state="open", responsible="Demo User")["priority"] == "normal"


def test_A7_M8_example_2_the_quality_of_suppliers(later: Office) -> None:
    office, good, bad = later, "quality@good.example", "quality@bad.example"
    office.partner("Good Grinders", good, is_supplier=True)
    office.partner("Bad Beans", bad, is_supplier=True)
    text = "Half of the delivery is broken."
    complaint = office.complains(good, "Broken grinders", text)
    settled = str(complaint["Subject"])
    silent = str(office.complains(bad, "Mouldy beans", text)["Subject"])
    case = office.case(settled, state="open", partner="Good Grinders", responsible="Nina Quality")
    left = office.case(silent, state="open", partner="Bad Beans", section="Quality")
    assert left["kind"] == "quality"

    # What the supplier got is Nina's own mail; he answers it to all, and the case is closed.
    office.answers(complaint, good, "We send new ones.")
    case = office.case(settled, state="done")
    assert any("We send new ones." in message["text"] for message in case["messages"])
    action = office.api.post(
        f"/cases/{case['number']}/quality-actions",
        type="corrective",
        text="Check each delivery before it is stored",
        owner_id=office.users["nina"],
        due="2031-01-31",
    )
    office.api.patch(
        f"/cases/{case['number']}/quality-actions/{action['id']}", version=1, done=True
    )
    assert office.case(settled)["quality_actions"][0]["done_at"]

    office.days_later(3.01)
    office.mail(bad, "we still wait for your answer", text)
    assert not office.got(PAUL, f"[{left['number']}]")
    office.days_later(7.01)
    office.mail(PAUL, f"[{left['number']}]", "Please call him and settle it.", text)
    left = office.case(silent, section="Production", responsible="Paul Production", priority="high")
    assert NINA in [watcher["address"] for watcher in left["watchers"]]
    assert office.fired(left["number"], "Remind the supplier after 3 days") == 1
    assert not office.got(good, "we still wait")
    assert (
        office.fired(case["number"], "The production manager calls the supplier after a week") == 0
    )


def test_A2_a_contract_without_an_answer_goes_up_an_hour_before_it_is_due(later: Office) -> None:
    office = later
    office.partner("Contract & Co", "cleo@contract.example", "Gold")
    subject = office.writes("cleo@contract.example", "Please help", "It stands still.")
    told = office.writes("cleo@contract.example", "Please help too", "This one as well.")
    case = office.case(subject, state="open", priority="high")
    due = datetime.fromisoformat(case["response_deadline"])
    created = datetime.fromisoformat(case["created_at"])
    assert due == _working_hours_behind(created, 2)
    answered = office.case(told, state="open", priority="high")
    path = f"/cases/{answered['number']}/messages"
    office.api.post(path, kind="reply", text="We are on our way.")
    wait_for(lambda: office.case(told)["responded_at"], "the moment of the first answer")

    hour_before = due - timedelta(hours=1, minutes=-1)
    office.days_later((hour_before - datetime.now(UTC)) / timedelta(days=1))
    office.case(subject, section="Level 2", responsible="Lea Leveltwo", priority="highest")
    office.mail(LEA, "In an hour the first answer to this case is due")
    rule = "An hour before an answer is due the case goes up"
    assert office.fired(case["number"], rule) == 1
    assert office.fired(answered["number"], rule) == 0


def _version(office: Office, subject: str) -> int:
    """The case's version once its rules have come to rest."""
    seen: list[int] = []

    def at_rest() -> int | None:
        seen.append(office.case(subject)["version"])
        return seen[-1] if len(seen) > 8 and len(set(seen[-8:])) == 1 else None

    return wait_for(at_rest, "a case at rest")


def _working_hours_behind(start: datetime, hours: int) -> datetime:
    """Counted minute by minute: from 9 to 5 in UTC, from Monday to Friday."""
    moment, left = start, timedelta(hours=hours)
    while left:
        open_at = moment.replace(hour=9, minute=0, second=0, microsecond=0)
        close_at = open_at + timedelta(hours=8)
        if moment.weekday() > 4 or moment >= close_at:
            moment = open_at + timedelta(days=1)
        elif moment < open_at:
            moment = open_at
        else:
            step = min(left, close_at - moment)
            moment, left = moment + step, left - step
    return moment
