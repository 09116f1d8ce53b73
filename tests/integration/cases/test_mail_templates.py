"""Predefined mails: kept, tried on a real case, and sent by rules (A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from services.cases import template_store
from services.cases.actions.preview_template import preview_template
from services.cases.actions.template_values import template_values
from services.cases.sight import seen_case
from services.cases.tables import directory_history
from services.contracts import rules
from services.contracts.directory import MailTemplate, PreviewTemplate, TemplateChanged
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.contracts.mail import MailSend
from services.contracts.templates import FIELDS

if TYPE_CHECKING:
    from conftest import Desk

ANN, EVE = "ann@blue.example", "eve@ours.example"
SECRET = "He is difficult, be careful"
THANKS = {"name": "Thanks", "subject": "We got it", "text": "Dear {{ case.contact }}, thank you."}


def save(desk: Desk, **fields: Any) -> dict[str, Any]:
    return desk.command("save_template", fields={**THANKS, **fields})


def preview(desk: Desk, number: int, subject: str = "", text: str = "") -> dict[str, str]:
    asked = PreviewTemplate(number=number, subject=subject, text=text)
    with desk.database.read() as connection:
        return preview_template(connection, asked)


def test_A3_a_template_is_kept_and_rules_are_told(desk: Desk) -> None:
    desk.events()
    saved = save(desk, name="  Thanks ")
    assert saved == {**THANKS, "id": saved["id"], "active": True, "version": 1}
    changed = desk.command("save_template", id=saved["id"], version=1, fields={"active": False})
    assert (changed["active"], changed["version"]) == (False, 2)
    events = desk.events()
    assert [type(event) for event in events] == [TemplateChanged, TemplateChanged]
    assert [event.data.active for event in events] == [True, False]
    assert events[0].actor.name == "Administrator"
    with desk.database.read() as connection:
        assert template_store.get(connection, saved["id"]) == MailTemplate(**changed)
        assert [one.name for one in template_store.every(connection)] == ["Thanks"]


def test_A3_saving_without_a_difference_changes_nothing(desk: Desk) -> None:
    saved = save(desk)
    desk.events()
    same = desk.command("save_template", id=saved["id"], version=1, fields=THANKS)
    assert same["version"] == 1 and desk.events() == []


def test_A3_each_change_of_a_template_stands_in_its_history(desk: Desk) -> None:
    saved = save(desk)
    desk.command("save_template", id=saved["id"], version=1, fields={"subject": "Received"})
    t = directory_history
    question = select(t).where(t.c.what == "template").order_by(t.c.version)
    with desk.database.read() as connection:
        first, second = connection.execute(question).mappings()
    assert (second["key"], second["version"]) == (str(saved["id"]), 2)
    assert second["changes"] == [{"field": "subject", "before": "We got it", "after": "Received"}]
    assert {change["field"] for change in first["changes"]} == {"name", "subject", "text", "active"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"subject": "{{ case.secret }}"}, "subject"),
        ({"text": "{% for c in case.description %}x{% endfor %}"}, "text"),
        ({"name": " "}, "name"),
        ({"text": ""}, "text"),
        ({"subject": "x" * 501}, "subject"),
        ({"version": 4}, "version"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_A3_what_cannot_be_a_template_is_refused_with_its_field(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        save(desk, **fields)
    assert refused.value.field == field


def test_A3_a_name_is_given_once_and_a_stale_version_is_told(desk: Desk) -> None:
    first = save(desk)
    with pytest.raises(InvalidRequest, match="already"):
        save(desk)
    other = save(desk, name="Goodbye")
    with pytest.raises(InvalidRequest, match="already"):
        desk.command("save_template", id=other["id"], version=1, fields={"name": "Thanks"})
    desk.command("save_template", id=first["id"], version=1, fields={"text": "Thank you."})
    with pytest.raises(StaleVersion):
        desk.command("save_template", id=first["id"], version=1, fields={"text": "Thanks!"})
    with pytest.raises(InvalidRequest, match="version"):
        desk.command("save_template", id=first["id"], fields={"text": "Thanks!"})
    with pytest.raises(NotFound):
        desk.command("save_template", id=999, version=1, fields={})


def test_A3_a_preview_fills_in_a_real_case_and_changes_nothing(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    desk.events()
    subject = "{{ case.subject | upper }}\n{{ case.state }}"
    text = "{{ case.contact }}: {{ case.last_message }} {{ case.responsible }}"
    shown = preview(desk, case.number, subject, text)
    assert shown == {"subject": "PRINTER IS ON FIRE draft", "text": "Ann: Please help. Eve Expert"}
    assert desk.case(case.number) == case and desk.events() == []
    with pytest.raises(InvalidRequest) as refused:
        preview(desk, case.number, text="{{ case.custom.order }}")
    assert refused.value.field == "text"
    with pytest.raises(NotFound):
        preview(desk, 999, text="x")


def test_K9_no_internal_note_reaches_a_template(desk: Desk) -> None:
    case = desk.new_case(responsible=desk.eve)
    mail = next(m for m in desk.mails() if m.data.to[0].address == EVE).data
    desk.command("add_message", number=case.number, kind="note", text=SECRET)
    about = {"case_number": case.number, "in_reply_to": (mail.message_id,), "automatic": True}
    desk.mail(EVE, f"Re: {mail.subject}", text=SECRET, **about)  # kept as a note
    desk.mail(EVE, f"[{case.number}] unverified", text=SECRET, case_number=case.number)
    desk.mail(ANN, f"[{case.number}] forged?", text="Pay at once", case_number=case.number)
    view = desk.case(case.number)
    assert [m.text for m in view.messages][1:] == [SECRET, SECRET, SECRET, "Pay at once"]
    with desk.database.read() as connection:
        values = template_values(connection, seen_case(connection, None, case.number))
    assert tuple(values) == FIELDS
    assert SECRET not in repr(values)
    assert values["last_message"] == "Please help.", "not what somebody wrote in Ann's name"
    everything = "".join(f"{{{{ case.{name} }}}}" for name in FIELDS)
    assert SECRET not in preview(desk, case.number, text=everything)["text"]


def test_A3_a_template_sees_names_exact_amounts_and_plain_custom_fields(desk: Desk) -> None:
    number = desk.new_case().number
    fields = {"estimated_cost": "1234.5000", "watchers": [{"address": EVE, "name": "Eve"}]}
    desk.command("change_case", number=number, version=2, fields=fields)
    with desk.database.read() as connection:
        case = seen_case(connection, None, number)
        custom = {"serial": "KC1", "count": 7, "who": {"id": 3, "name": "Eve"}}
        values = template_values(connection, case.model_copy(update={"custom": custom}))
    assert str(values["estimated_cost"]) == "1234.5000"
    assert values["watchers"] == [{"name": "Eve", "address": EVE}]
    assert values["custom"]["who"] == "Eve" and str(values["custom"]["count"]) == "7"
    assert (values["section"], values["category"], values["contact"]) == ("Support", None, "Ann")
    assert values["contact_address"] == ANN


def test_A3_a_rule_sends_a_template_by_its_id(desk: Desk) -> None:
    template = save(desk, subject="{{ case.priority }}: {{ case.subject }}")
    number = desk.new_case().number
    desk.mails()
    send = rules.SendTemplate(template_id=template["id"])
    desk.rule(number, send, rules.SetPriority(priority="high"))
    (mail,) = desk.mails()
    assert mail.data.subject == f"[{number}] high: Printer is on fire", "of the case as it is then"
    assert mail.data.text == "Dear Ann, thank you." and mail.data.automatic
    assert f"mailed {ANN}" in desk.case(number).history[-1].reason


def test_A3_a_template_that_is_retired_or_gone_is_not_sent_and_the_history_says_so(
    desk: Desk,
) -> None:
    template = save(desk)
    desk.command("save_template", id=template["id"], version=1, fields={"active": False})
    number = desk.new_case().number
    desk.events()
    actions = [rules.SendTemplate(template_id=id) for id in (template["id"], 999)]
    desk.rule(number, *actions, rules.SetPriority(priority="high"))
    (event,) = desk.events()
    assert not isinstance(event, MailSend) and event.data.case.priority == "high"
    reason = desk.case(number).history[-1].reason
    assert "send_template: the template “Thanks” is retired" in reason
    assert "send_template: there is no template 999" in reason
