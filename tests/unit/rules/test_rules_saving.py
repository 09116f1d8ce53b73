"""A rule that makes no sense is refused with the field and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest
from unit.rules.rules_builders import A5, A6, HIGH

from services.contracts.errors import InvalidRequest
from services.rules.model.saving import changed_rule, read_command

TEMPLATE = {"do": "send_template", "subject": "About {{ case.number }}", "text": "Dear customer"}
NAMED = {"name": "X", "actions": [HIGH]}


@pytest.mark.parametrize("fields", [A5, A6, {**NAMED, "actions": [TEMPLATE, {"do": "escalate"}]}])
def test_a_rule_that_makes_sense_is_taken(fields: dict[str, Any]) -> None:
    assert changed_rule(None, fields).name == fields["name"]


def test_only_the_fields_given_are_changed_and_the_problem_is_gone() -> None:
    before = changed_rule(None, A5).model_copy(update={"id": 7, "problem": "x", "version": 3})
    after = changed_rule(before, {"active": False})
    assert after == before.model_copy(update={"active": False, "problem": ""})


@pytest.mark.parametrize(
    ("fields", "field", "what_to_do"),
    [
        ({"actions": [HIGH]}, "name", "give the rule a name"),
        ({**NAMED, "name": "  "}, "name", "one line"),
        ({**NAMED, "name": "a\nb"}, "name", "one line"),
        ({**NAMED, "name": "x" * 201}, "name", "200"),
        ({**NAMED, "version": 3}, "version", "is not known"),
        ({**NAMED, "problem": "none"}, "problem", "is not known"),
        ({**NAMED, "criteria": {"sate_to": "open"}}, "criteria.sate_to", "there are state_from"),
        ({**NAMED, "criteria": {"state_to": "shut"}}, "criteria.state_to", "'done'"),
        ({**NAMED, "criteria": {"section_id": 0}}, "criteria.section_id", "no section 0"),
        (
            {**NAMED, "criteria": {"partner_category_id": 2**31}},
            "criteria.partner_category_id",
            "there is no partner category",
        ),
        ({**NAMED, "criteria": {"subject_contains": ""}}, "criteria.subject_contains", "text"),
        ({**NAMED, "criteria": {"with_subsections": True}}, "criteria.with_subsections", "section"),
        ({**NAMED, "trigger": {"delay": 2}}, "trigger.delay", "choose one"),
        ({**NAMED, "trigger": {"when": "now"}}, "trigger.when", "there are date, delay, unit"),
        ({**NAMED, "trigger": {"date": "state", "delay": 10**6}}, "trigger.delay", "10000"),
        ({**NAMED, "actions": []}, "actions", "say what to do"),
        ({**NAMED, "actions": [{"do": "explode"}]}, "actions.0.do", "one of set_state"),
        ({**NAMED, "actions": "escalate"}, "actions", "tuple"),
        ({**NAMED, "actions": [HIGH, {"do": "assign"}]}, "actions.1.user_id", "to whom"),
        (
            {**NAMED, "actions": [{"do": "assign", "to": "manager", "user_id": 3}]},
            "actions.0.user_id",
            "leave it out",
        ),
        ({**NAMED, "actions": [{"do": "set_state", "state": "x"}]}, "actions.0.state", "'open'"),
        ({**NAMED, "actions": [{"do": "add_watchers", "addresses": []}]}, "actions.0", "at least"),
        (
            {**NAMED, "actions": [{"do": "add_watchers", "addresses": ["expert"]}]},
            "actions.0.addresses",
            "'expert' is no mail address",
        ),
        ({**NAMED, "actions": [{"do": "add_note", "text": " "}]}, "actions.0.text", "write"),
        ({**NAMED, "actions": [{**TEMPLATE, "text": "{{ case"}]}, "actions.0.text", "be read"),
        ({**NAMED, "trigger": {"calendar_id": 1}}, "trigger.calendar_id", "leave the calendar out"),
        ({**NAMED, "criteria": {"tag": " "}}, "criteria.tag", "1 to 50 characters"),
        ({**NAMED, "criteria": {"tag": "a,b"}}, "criteria.tag", "no comma"),
        ({**NAMED, "criteria": {"custom": {"No": 1}}}, "criteria.custom.No", "by its code"),
        ({**NAMED, "criteria": {"custom": {"no": ""}}}, "criteria.custom.no", "leave it out"),
        ({**NAMED, "criteria": {"custom": {"no": []}}}, "criteria.custom.no", "person's number"),
        ({**NAMED, "criteria": {"custom": {"no": True}}}, "criteria.custom.no", "a text, a number"),
        ({**NAMED, "criteria": {"custom": {"no": 1e99}}}, "criteria.custom.no", "smaller number"),
        (
            {**NAMED, "actions": [{"do": "set_deadline", "moment": "2026-11-25T12:00:00Z"}]},
            "actions.0.moment",
            "computed when the rule fires",
        ),
        ({**NAMED, "actions": [{"do": "set_deadline", "delay": -1}]}, "actions.0.delay", "0"),
        ({**NAMED, "actions": [{"do": "add_tags", "tags": []}]}, "actions.0.tags", "one tag"),
        (
            {**NAMED, "actions": [{"do": "add_tags", "tags": ["x" * 51]}]},
            "actions.0.tags",
            "1 to 50 characters",
        ),
        (
            {**NAMED, "actions": [{"do": "add_tags", "tags": [str(n) for n in range(31)]}]},
            "actions.0.tags",
            "at most 30",
        ),
        ({**NAMED, "actions": [{"do": "send_template"}]}, "actions.0.subject", "name a template"),
        ({**NAMED, "actions": [{**TEMPLATE, "text": ""}]}, "actions.0.text", "name a template"),
        (
            {**NAMED, "actions": [{**TEMPLATE, "template_id": 4}]},
            "actions.0.subject",
            "leave it out where a template is named",
        ),
        (
            {**NAMED, "actions": [{**TEMPLATE, "text": "{{ partner.name }}"}]},
            "actions.0.text",
            "knows only `case`, not partner",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    fields: dict[str, Any], field: str, what_to_do: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        changed_rule(None, fields)
    assert raised.value.field.startswith(field)
    assert what_to_do in raised.value.what_to_do


def test_A3_tags_are_kept_as_cases_keeps_them() -> None:
    tags = {"do": "add_tags", "tags": [" VIP", "vip", "Urgent"]}
    made = changed_rule(None, {"name": "X", "criteria": {"tag": " VIP "}, "actions": [tags]})
    assert made.criteria.tag == "vip"
    assert made.actions[0].model_dump()["tags"] == ("vip", "urgent")


def test_A3_a_mail_is_a_template_by_its_id_or_a_subject_and_a_text() -> None:
    by_id = {"do": "send_template", "template_id": 4}
    assert changed_rule(None, {**NAMED, "actions": [by_id]}).actions[0].do == "send_template"


def test_a_rule_without_an_action_may_stop_later_ones() -> None:
    assert changed_rule(None, {"name": "Leave VIPs alone", "stop": True}).actions == ()


def test_a_command_without_its_key_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="idempotency_key"):
        read_command({"fields": A6})
