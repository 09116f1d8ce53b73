"""Rules as people write them in a file, and every mistake told with the rule's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from unit.rules.rules_builders import A5, A6, DEMO, GOLD

import services.rules
from services.contracts.errors import ServiceAway
from services.contracts.rules import AddTags, SendTemplate, SetDeadline, WorkingCalendar
from services.rules.case_directory import CaseDirectory
from services.rules.errors import MistakesInFile
from services.rules.model.saving import changed_rule
from services.rules.rule_file.lookup import Lookup
from services.rules.rule_file.read import read
from services.rules.rule_file.translate import Translated, translate

EXAMPLE = Path(services.rules.__file__).parent / "examples" / "helpdesk.yaml"
USERS = [
    {"id": 1, "login": "admin", "name": "Administrator"},
    {"id": DEMO.id, "login": "demo", "name": DEMO.name},
    {"id": 3, "login": "ann", "name": "Ann Agent"},
    {"id": 4, "login": "ann2", "name": "Ann Agent"},
    {"id": 5, "login": "gone", "name": "Gone Gary", "active": False},
]
TREE = [
    {"id": 10, "name": "Support Contract", "path": "Support Contract"},
    {"id": GOLD, "name": "Gold", "parent_id": 10, "path": "Support Contract / Gold"},
]
TEMPLATE = {"name": "Welcome", "subject": "Hello", "text": "Hello"}
RETIRED = {"name": "Old", "active": False}
CALENDARS = [WorkingCalendar(id=8, name="Office")]
PARTNERS = [{"id": 5, "name": "Acme"}, {"id": 6, "name": "Acme Ltd"}, {"id": 7, "name": "ACME"}]


class Cases:
    """Answers as the cases service does, one partner a page."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, method: str, **given: Any) -> Any:
        self.asked.append(method)
        if method == "list_partners":
            found = [p for p in PARTNERS if given["q"].lower() in str(p["name"]).lower()]
            place = int(given["cursor"] or 0)
            more = place + 1 < len(found)
            return {"items": found[place : place + 1], "next": str(place + 1) if more else None}
        return {
            "list_users": USERS,
            "list_sections": [{"id": 1, "name": "Support"}],
            "list_categories": [{"id": 7, "name": "Print", "path": "Fault / Print"}],
            "list_partner_categories": TREE,
            "list_templates": [{**TEMPLATE, "id": 4}, {**TEMPLATE, "id": 5, **RETIRED}],
        }[method]


def rules_of(text: str) -> list[Translated]:
    lookup = Lookup(CaseDirectory(Cases().ask), CALENDARS)
    return [translate(draft, lookup) for draft in read(text)]


def one(**values: Any) -> Translated:
    (made,) = rules_of(
        yaml.safe_dump([{"name": "X", "then": [{"set_priority": "high"}], **values}])
    )
    return made


def test_A5_A6_the_example_reads_as_written() -> None:
    assign, gold, expert = rules_of(EXAMPLE.read_text())
    assert [rule.mistakes for rule in (assign, gold, expert)] == [[], [], []]
    for made, expected in ((gold, A6), (expert, A5)):
        rule, wanted = changed_rule(None, made.fields), changed_rule(None, expected)
        assert rule == wanted.model_copy(update={"order": rule.order})
    assert assign.fields["actions"] == [
        {"do": "assign", "to": "user", "user_id": DEMO.id},
        {"do": "set_state", "state": "open"},
    ]


def test_every_list_is_asked_for_once() -> None:
    cases = Cases()
    lookup = Lookup(CaseDirectory(cases.ask))
    for draft in read(EXAMPLE.read_text()):
        translate(draft, lookup)
    assert sorted(cases.asked) == ["list_partner_categories", "list_users"]


def test_names_become_ids() -> None:
    made = one(
        when={
            "section": "support",
            "with_subsections": True,
            "category": "fault/print",
            "responsible": "Demo User",
            "partner": "acme ltd",
            "partner_category": "Support Contract / Gold",
        },
        then=[
            "escalate",
            {"move_to_section": "Support"},
            {"assign_by": "round_robin"},
            {"set_category": "Fault / Print"},
            {"remind": {"whom": "partner", "with_discussion": False}},
            {"add_watchers": "expert@mycompany.example"},
            {
                "send_template": {
                    "whom": "partner",
                    "subject": "Hello",
                    "text": "{{ case.subject }}",
                }
            },
            {"add_note": "Acted"},
        ],
    )
    assert made.mistakes == []
    assert made.fields["criteria"] == {
        "section_id": 1,
        "with_subsections": True,
        "category_id": 7,
        "responsible_id": DEMO.id,
        "partner_id": 6,
        "partner_category_id": GOLD,
    }
    rule = changed_rule(None, made.fields)
    assert [action.do for action in rule.actions] == [
        "escalate",
        "move_to_section",
        "assign",
        "set_category",
        "remind",
        "add_watchers",
        "send_template",
        "add_note",
    ]
    assert {(entry.kind, entry.name) for entry in made.entries} >= {
        ("partner", "Acme Ltd"),
        ("partner_category", "Support Contract / Gold"),
    }


def test_A2_A3_templates_and_working_calendars_go_by_their_names() -> None:
    made = one(
        when={"tag": "VIP", "custom": {"serial": "X-1"}},
        trigger={"date": "response_deadline", "delay": -2, "unit": "hours", "calendar": "office"},
        then=[
            {"send_template": "welcome"},
            {"send_template": {"whom": "responsible", "template": "Welcome"}},
            {
                "set_deadline": {
                    "which": "response",
                    "delay": 4,
                    "unit": "hours",
                    "calendar": "Office",
                }
            },
            {"set_deadline": {"since": "now"}},
            {"add_tags": "VIP"},
        ],
    )
    assert made.mistakes == []
    rule = changed_rule(None, made.fields)
    assert (rule.criteria.tag, rule.criteria.custom) == ("vip", {"serial": "X-1"})
    assert rule.trigger.calendar_id == 8
    assert rule.actions == (
        SendTemplate(template_id=4),
        SendTemplate(whom="responsible", template_id=4),
        SetDeadline(which="response", delay=4, unit="hours", calendar_id=8),
        SetDeadline(since="now"),
        AddTags(tags=("vip",)),
    )
    assert {entry.kind for entry in made.entries} == {"template"}


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        ({"when": {"responsible": "bob"}}, "when.responsible: there is no user “bob”; there are"),
        ({"when": {"responsible": "Ann Agent"}}, "write the login: ann, ann2"),
        ({"when": {"responsible": "gone"}}, "the user Gone Gary is not active; name another"),
        ({"when": {"responsible": 42}}, "write the name of a user, not 42"),
        ({"when": {"partner": "acme"}}, "2 partners are called “acme”"),
        ({"when": {"partner": "Nobody"}}, "there is no partner “Nobody”"),
        ({"when": {"partner_category": "Gold"}}, "there are Support Contract, Support Contract /"),
        ({"when": {"sate_to": "open"}}, "when.sate_to: is not known; there are section"),
        ({"when": {"state_to": "shut"}}, "when.state_to: Input should be 'draft'"),
        ({"when": "always"}, "when: write “key: value”"),
        ({"trigger": {"date": "creation", "delay": "soon"}}, "trigger.delay: Input should be a"),
        ({"then": "escalate"}, "then: write a list"),
        ({"then": []}, "then: say what to do"),
        ({"then": ["explode"]}, "then.1: write one of set_state"),
        ({"then": [{"explode": True}]}, "then.1: explode is not known; there are set_state"),
        ({"then": ["escalate", {"assign_by": "dice"}]}, "then.2.to: Input should be 'user'"),
        ({"then": [{"set_state": "shut"}]}, "then.1.state: Input should be 'draft'"),
        ({"then": [{"remind": "everybody"}]}, "then.1.whom: Input should be 'responsible'"),
        ({"then": [{"add_watchers": ["expert"]}]}, "then.1.addresses: 'expert' is no mail address"),
        ({"then": [{"send_template": "x"}]}, "there is no template “x”; there are Old, Welcome"),
        ({"then": [{"send_template": "Old"}]}, "the template Old is not active; name another"),
        ({"then": [{"send_template": 4}]}, "then.1: write the template's name, or whom with"),
        ({"then": [{"send_template": {}}]}, "then.1.subject: write it, or name a template"),
        ({"then": [{"set_deadline": 2}]}, "then.1: write which, since, delay, unit and calendar"),
        ({"then": [{"set_deadline": {"calendar": "x"}}]}, "there is no calendar “x”; there are Of"),
        ({"then": [{"set_deadline": {"dely": 2}}]}, "then.1.dely: is not known"),
        ({"then": [{"add_tags": "a,b"}]}, "then.1.tags: a tag has 1 to 50 characters"),
        ({"when": {"custom": 3}}, "when.custom: Input should be a valid dictionary"),
        ({"trigger": {"date": "state", "calendar": "x"}}, "trigger.calendar: there is no calendar"),
        ({"trigger": {"calendar_id": 1}}, "trigger.calendar_id: is not known; there are date"),
        ({"then": [{"escalate": "up"}]}, "then.1: write only “escalate”"),
    ],
)
def test_a_mistake_is_told_with_the_rules_name_and_what_to_do(
    values: dict[str, Any], mistake: str
) -> None:
    (told,) = one(**values).mistakes
    assert told.startswith("rule “X”: ")
    assert mistake in told


def test_all_mistakes_of_a_rule_are_told_at_once() -> None:
    made = one(when={"responsible": "bob", "section": "Sales"}, then=[{"assign": "eve"}])
    assert len(made.mistakes) == 3


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("- name: [", "this is no YAML"),
        ("", "begin each rule with a line “- name: …”"),
        ("name: X", "begin each rule with a line “- name: …”"),
        ("- just words", "rule 1: it begins with"),
        ("- {when: {}}", "rule 1: give it a name"),
        ("- {name: No}", "rule 1: give it a name (in quotes"),
        ("- {name: X, whem: {}}", "rule “X”: whem is not known; there are name, order"),
        ("- {name: X}\n- {name: X}", "rule “X”: it is there twice"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused(text: str, mistake: str) -> None:
    with pytest.raises(MistakesInFile) as raised:
        read(text)
    assert mistake in raised.value.mistakes[0]


def test_while_cases_is_away_nothing_is_guessed() -> None:
    def away(method: str, **given: Any) -> Any:
        raise ServiceAway("cases", 3)

    with pytest.raises(ServiceAway):
        translate(read(EXAMPLE.read_text())[0], Lookup(CaseDirectory(away)))
