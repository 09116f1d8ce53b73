"""M5: the web warns when no rule assigns new cases of an account, or nobody can be mailed."""

from __future__ import annotations

from typing import Any

import pytest

from services.contracts.directory import Section, User
from services.contracts.mail import NewCaseDefaults
from services.contracts.rules import Rule
from services.web.account_warnings import NOBODY, Office, warnings_of
from services.web.clients.accounts import IncomingAccount

USERS = {
    1: User(id=1, login="eve", name="Eve", address="eve@ours.example"),
    2: User(id=2, login="bob", name="Bob"),
    3: User(id=3, login="rex", name="Rex", address="r@ours.example", role="read-only"),
    4: User(id=4, login="old", name="Old", address="o@ours.example", active=False),
    5: User(id=5, login="loop", name="Loop", address="Support@ours.example"),
}
SECTIONS = {
    1: Section(id=1, name="All", manager_id=1),
    7: Section(id=7, name="Desk", parent_id=1, member_ids=(2, 4), manager_id=2),
}
EVE = {"do": "assign", "to": "user", "user_id": 1}


def told(*rules: dict[str, Any], **new_case: Any) -> list[str]:
    made = [
        Rule.model_validate({"id": n, "name": f"R{n}", "actions": [EVE], **rule})
        for n, rule in enumerate(rules, 1)
    ]
    account = IncomingAccount(
        name="support", new_case=NewCaseDefaults(**{"section_id": 7, **new_case})
    )
    return warnings_of(account, Office(made, USERS, SECTIONS, frozenset({"support@ours.example"})))


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"state_from": "none"},
        {"state_to": "draft"},
        {"state_from": "none", "state_to": "draft", "kind": "helpdesk"},
        {"section_id": 7},
        {"section_id": 1, "with_subsections": True},
    ],
)
def test_M5_a_rule_that_assigns_new_cases_leaves_nothing_to_warn_of(
    criteria: dict[str, Any],
) -> None:
    assert told({"criteria": criteria}) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"active": False},
        {"actions": [{"do": "set_priority", "priority": "high"}]},
        {"actions": [{"do": "assign", "to": "stand_in"}]},
        {"criteria": {"state_from": "open"}},
        {"criteria": {"state_from": "draft"}},
        {"criteria": {"state_to": "done"}},
        {"criteria": {"kind": "opportunity"}},
        {"criteria": {"section_id": 1}},
        {"criteria": {"category_id": 3}},
        {"criteria": {"priority": "highest"}},
    ],
)
def test_M5_without_such_a_rule_it_is_told(rule: dict[str, Any]) -> None:
    assert told(rule) == [NOBODY]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (2, "Bob, who has no mail address"),
        (3, "Rex, who may only read"),
        (4, "Old, who is retired"),
        (5, "Loop, who has the address of an account of ours"),
        (9, "somebody unknown"),
    ],
)
def test_M5_whom_no_mail_reaches_is_named(user: int, words: str) -> None:
    (sentence,) = told({"actions": [{**EVE, "user_id": user}]})
    assert words in sentence and "R1" in sentence


def test_M5_a_section_where_nobody_can_be_mailed_is_told() -> None:
    members, manager = ({"do": "assign", "to": to} for to in ("round_robin", "manager"))
    assert "the members of Desk" in told({"actions": [members]})[0]
    assert "the manager of Desk" in told({"actions": [manager]})[0]
    assert told({"actions": [manager]}, section_id=1) == []
    assert told({"actions": [members]}, section_id=None) == []
