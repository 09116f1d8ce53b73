"""What a rule orders is carried out in one go, and the history says so (A3, A4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.contracts import rules
from services.contracts.mail import MailBounced, MailOutcome, MailSent
from services.contracts.rules import RuleStopped, RuleStoppedData
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE, BOB = "ann@blue.example", "eve@ours.example", "bob@ours.example"


def recipients(mail: Any) -> list[str]:
    return [one.address for one in (*mail.data.to, *mail.data.cc)]


def test_A3_several_actions_are_one_entry_that_says_why(desk: Desk) -> None:
    number = desk.new_case().number
    before = desk.case(number)
    desk.rule(
        number,
        rules.SetPriority(priority="high"),
        rules.Assign(user_id=desk.eve),
        rules.SetState(state="open"),
        name="Assign new cases",
    )
    case = desk.case(number)
    assert case.version == before.version + 1
    assert (case.priority, case.state) == ("high", "open")
    assert case.responsible is not None and case.responsible.id == desk.eve
    entry = case.history[-1]
    assert (entry.actor_kind, entry.actor_name) == ("rule", "Assign new cases")
    assert "because the case is new" in entry.reason
    assert [link.kind for link in entry.cause] == ["rule", "event"]
    assert case.last_action_at == before.last_action_at, "a rule's act is no last action"


def test_M5_a_rule_that_assigns_passes_the_mail_on(desk: Desk) -> None:
    number = desk.new_case().number
    desk.mails()
    desk.rule(number, rules.Assign(user_id=desk.eve))
    (mail,) = desk.mails()
    assert recipients(mail) == [EVE]
    assert "Please help." in mail.data.text


def test_A3_ways_of_finding_somebody(desk: Desk) -> None:
    fields = {"member_ids": [desk.eve, desk.bob]}
    desk.command("save_section", id=1, version=desk.section["version"], fields=fields)
    assigned = []
    for to in ("manager", "round_robin", "round_robin", "round_robin", "least_loaded"):
        number = desk.new_case().number
        desk.rule(number, rules.Assign(to=to))
        case = desk.case(number)
        assert case.responsible is not None
        assigned.append(case.responsible.id)
    assert assigned[0] == desk.bob
    assert assigned[1:4] == [desk.eve, desk.bob, desk.eve]


def test_A8_an_absent_responsible_is_stood_in_for(desk: Desk) -> None:
    today = now().date()
    absence = {
        "absent_from": str(today - timedelta(days=1)),
        "absent_until": str(today),
        "stand_in_id": desk.bob,
    }
    desk.command("save_user", id=desk.eve, version=1, fields=absence)
    number = desk.new_case(responsible=desk.eve).number
    desk.rule(number, rules.Assign(to="stand_in"))
    case = desk.case(number)
    assert case.responsible is not None and case.responsible.id == desk.bob


def test_A5_a_watcher_added_gets_the_discussion_and_may_answer(desk: Desk) -> None:
    number = desk.new_case(responsible=desk.eve).number
    desk.mails()
    expert = "expert@mycompany.example"
    desk.rule(
        number,
        rules.AddWatchers(addresses=(expert,)),
        rules.Remind(whom="responsible"),
        name="Copy to an expert after 2 days",
    )
    by_first = {recipients(mail)[0]: mail for mail in desk.mails()}
    assert "Please help." in by_first[expert].data.text
    assert by_first[EVE].data.purpose == "reminder"
    assert by_first[EVE].data.automatic
    asked = by_first[expert].data
    desk.mail(
        expert,
        f"Re: {asked.subject}",
        case_number=number,
        in_reply_to=(asked.message_id,),
        text="Expert words",
    )
    texts = {recipients(mail)[0]: mail.data.text for mail in desk.mails()}
    assert texts[ANN] == "Expert words"
    assert "Expert words" in texts[EVE]


def test_M12_copies_of_a_rule_count_for_who_is_no_user_of_ours(desk: Desk) -> None:
    number = desk.new_case(responsible=desk.eve).number
    desk.mails()
    desk.rule(number, rules.AddWatchers(addresses=("expert@mycompany.example", BOB)))
    counted = {recipients(mail)[0]: mail.data.automatic for mail in desk.mails()}
    assert counted == {"expert@mycompany.example": True, BOB: False}


def test_A3_remind_the_partner_hides_notes(desk: Desk) -> None:
    number = desk.new_case().number
    desk.command("add_message", number=number, kind="note", text="He is difficult")
    desk.mails()
    desk.rule(number, rules.Remind(whom="partner", with_discussion=True))
    (mail,) = desk.mails()
    assert recipients(mail) == [ANN]
    assert "Please help." in mail.data.text
    assert "difficult" not in mail.data.text


def test_A3_a_template_is_filled_in(desk: Desk) -> None:
    number = desk.new_case().number
    desk.mails()
    template = rules.SendTemplate(subject="About {{ case.subject }}", text="No. {{ case.number }}")
    desk.rule(number, template)
    (mail,) = desk.mails()
    assert mail.data.subject == f"[{number}] About Printer is on fire"
    assert mail.data.text == f"No. {number}"


def test_A4_the_history_tells_whom_a_rule_wrote_to_or_that_there_was_nobody(desk: Desk) -> None:
    number = desk.new_case().number
    desk.rule(number, rules.Remind(whom="partner"), rules.Remind(whom="responsible"))
    reason = desk.case(number).history[-1].reason
    assert f"reminded {ANN}" in reason
    assert "not done: remind: reminded nobody: the case has no responsible" in reason


def test_A4_a_template_that_fails_is_told_and_the_rest_is_done(desk: Desk) -> None:
    number = desk.new_case().number
    broken = rules.SendTemplate(subject="{{ case.nothing }}", text="{{ ''.__class__ }}")
    gap = rules.SendTemplate(subject="Order", text="{{ case.custom.order }}")
    desk.rule(number, broken, gap, rules.SetPriority(priority="low"))
    case = desk.case(number)
    assert case.priority == "low"
    reason = case.history[-1].reason
    assert (
        "not done: send_template: subject: line 1 of the template: a case has no nothing" in reason
    )
    assert "the template cannot be filled in" in reason
    assert len(case.history) == 3, "created, the mail, the rule: one entry says it all"


def test_A4_an_action_that_cannot_be_done_is_named(desk: Desk) -> None:
    number = desk.new_case().number
    desk.rule(number, rules.Assign(user_id=999), rules.SetPriority(priority="high"))
    case = desk.case(number)
    assert case.priority == "high"
    assert "not done: assign" in case.history[-1].reason


def test_A4_an_escalation_that_leads_nowhere_is_told_as_none(desk: Desk) -> None:
    number = desk.new_case().number
    desk.rule(number, rules.Escalate(), rules.SetPriority(priority="high"))
    entry = desk.case(number).history[-1]
    assert entry.event_type == "case.updated"
    assert "not done: escalate" in entry.reason


def test_A4_a_rule_without_an_effect_still_leaves_an_entry(desk: Desk) -> None:
    number = desk.new_case().number
    before = desk.case(number)
    desk.rule(number, rules.SetPriority(priority=before.priority))
    entry = desk.case(number).history[-1]
    assert entry.version == before.version + 1
    assert entry.changes == ()


def test_A4_the_same_firing_twice_takes_effect_once(desk: Desk) -> None:
    number = desk.new_case().number
    fired = desk.rule(number, rules.AddNote(text="Once"))
    desk.take(fired)
    assert [m.text for m in desk.case(number).messages].count("Once") == 1


def test_A4_a_chain_cut_short_is_told_on_the_case(desk: Desk) -> None:
    number = desk.new_case().number
    data = RuleStoppedData(rule_id=1, rule_name="Ping", depth=8, chain=("Ping", "Pong"))
    desk.take(RuleStopped(id=new_id(), occurred_at=now(), case_id=number, data=data))
    reason = desk.case(number).history[-1].reason
    assert "8 times" in reason and "“Ping” → “Pong”" in reason


def test_M10_a_bounce_is_noted_and_a_sent_mail_marked(desk: Desk) -> None:
    number = desk.new_case().number
    desk.command("add_message", number=number, text="Dear Ann")
    (mail,) = [m for m in desk.mails() if m.data.purpose == "reply"]
    outcome = MailOutcome(
        command_id=mail.id,
        message_id=mail.data.message_id,
        recipients=(ANN,),
        message_number=mail.data.message_number,
        why="550 no such user",
    )
    sent = outcome.model_copy(update={"why": ""})
    desk.take(MailSent(id=new_id(), occurred_at=now(), case_id=number, data=sent))
    assert desk.case(number).messages[-1].remark == "sent"
    desk.take(MailBounced(id=new_id(), occurred_at=now(), case_id=number, data=outcome))
    case = desk.case(number)
    assert "550 no such user" in case.messages[-1].remark
    assert ANN in case.history[-1].reason
