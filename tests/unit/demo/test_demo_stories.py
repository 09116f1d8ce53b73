"""The demo's month is the same for the same seed, can take place, and concerns nobody real."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import get_args

import pytest
from pydantic import TypeAdapter

from deploy.demo.cast import companies, our_address, read
from deploy.demo.post_office import letter, photo
from deploy.demo.set_up import GROUPS, MAJOR, NAMED
from deploy.demo.stories import all_stories
from deploy.demo.story import Story
from services.cases.model.states import MOVES
from services.contracts.cases import CLOSED, State
from services.contracts.directory import CustomField, MailTemplate
from services.contracts.rules import Action, Criteria, Trigger
from services.contracts.templates import check_template
from services.rules.model.calendar_saving import changed_calendar

TODAY = datetime(2026, 7, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=[1, 2, 77])
def stories(request: pytest.FixtureRequest) -> list[Story]:
    return all_stories(request.param, TODAY)


def test_the_same_seed_tells_the_same_stories(stories: list[Story]) -> None:
    assert all_stories(1, TODAY) == all_stories(1, TODAY)
    assert all_stories(1, TODAY) != all_stories(3, TODAY)
    assert len({story.key for story in stories}) == len(stories) > 280


def test_a_case_is_known_again_by_subject_and_contact(stories: list[Story]) -> None:
    mails = [(story.subject, story.contact) for story in stories if story.by == "mail"]
    assert len(set(mails)) == len(mails)


def test_every_gap_in_a_text_is_filled(stories: list[Story]) -> None:
    for story in stories:
        texts = [story.subject, story.text, *(turn.text for turn in story.turns)]
        assert not any("{" in text or "}" in text for text in texts)
        assert all(text for text in texts[:2])


def test_every_move_is_one_that_the_table_allows(stories: list[Story]) -> None:
    for story in stories:
        state: State = "open"  # where rules, or who opens it, have brought it
        for turn in story.turns:
            if turn.do in get_args(State):
                assert turn.do in MOVES[state], story
                state = turn.do
            elif turn.do == "customer" and (state in CLOSED or state == "pending"):
                state = "open"
            elif turn.do == "escalate":
                section = next(
                    s for s in read("company.yaml")["sections"] if s["name"] == story.section
                )
                assert "escalates_to" in section


def test_there_is_something_of_everything(stories: list[Story]) -> None:
    deeds = Counter(turn.do for story in stories for turn in story.turns)
    assert min(deeds.values()) >= 3
    assert {"sort", "reply", "note", "customer", "pending", "done", "cancelled"} <= set(deeds)
    kinds = Counter(story.fields.get("kind", "helpdesk") for story in stories)
    assert {"helpdesk", "quality", "opportunity", "meeting", "delivery", "task"} <= set(kinds)
    starts = [story.fields["start"] for story in stories if "start" in story.fields]
    assert min(starts) < TODAY.isoformat() < max(starts)


def test_every_address_is_one_that_no_mail_reaches(stories: list[Story]) -> None:
    addresses = [contact.address for company in companies() for contact in company.contacts]
    assert len(set(addresses)) == len(addresses)
    addresses += [story.contact.address for story in stories if story.contact]
    addresses += [our_address("help")]
    assert all(address.endswith(".example") for address in addresses)


def test_the_rules_are_such_as_the_api_takes() -> None:
    actions = TypeAdapter(tuple[Action, ...])
    there = read("company.yaml")
    for rule in read("rules.yaml"):
        numbered = [_numbered(fields) for fields in (rule["criteria"], *rule["actions"])]
        criteria = Criteria.model_validate(numbered[0])
        assert set(numbered[0]) <= criteria.model_fields_set
        assert len(actions.validate_python(numbered[1:])) == len(rule["actions"])
        trigger = _numbered(rule.get("trigger", {}))
        assert set(trigger) <= Trigger.model_validate(trigger).model_fields_set
        assert rule["criteria"].get("category", "Billing") in there["categories"]
        named = [fields for fields in (rule["criteria"], rule.get("trigger", {}), *rule["actions"])]
        for known, names in _names().items():
            assert {fields[known] for fields in named if known in fields} <= names
    groups = {path for paths in GROUPS.values() for path in paths} | {MAJOR}
    assert groups <= set(there["partner_categories"])
    assert any(company.major for company in companies())


def test_the_rules_show_each_use_and_example_of_the_reference() -> None:
    rules = read("rules.yaml")
    done = {action["do"] for rule in rules for action in rule["actions"]}
    assert done >= {"escalate", "set_deadline", "add_tags", "send_template", "add_watchers"}
    dates = {rule.get("trigger", {}).get("date", "none") for rule in rules}
    assert dates >= {"none", "creation", "last_action", "deadline", "response_deadline"}
    ways = {action.get("to") for rule in rules for action in rule["actions"]}
    assert ways >= {"stand_in", "manager", "round_robin"}


def test_templates_calendars_and_fields_are_such_as_the_services_take() -> None:
    for template in read("templates.yaml"):
        MailTemplate.model_validate({**template, "id": 1})
        for field in ("subject", "text"):
            check_template(field, template[field])
    for calendar in read("company.yaml")["calendars"]:
        changed_calendar(None, calendar)
    fields = [one for kind in read("company.yaml")["fields"].values() for one in kind]
    assert {CustomField.model_validate(one).type for one in fields} == set(
        get_args(CustomField.model_fields["type"].annotation)
    )


def test_what_stories_say_in_fields_of_a_kind_has_a_field(stories: list[Story]) -> None:
    known = {
        kind: {field["code"] for field in fields}
        for kind, fields in read("company.yaml")["fields"].items()
    }
    for story in stories:
        kind = story.fields.get("kind", "helpdesk")
        given = [story.fields, *(turn.fields for turn in story.turns)]
        codes = {code for fields in given for code in fields.get("custom", {})}
        assert codes <= known.get(kind, set())


def test_the_same_letter_carries_the_same_message_id() -> None:
    maud = companies()[0].contacts[0]
    words = ("1.care-001", maud, our_address("help"), "No coffee")
    first, again = letter(*words, "Please help."), letter(*words, "Please help.")
    assert first["Message-ID"] == again["Message-ID"] != letter(*words, "Thanks.")["Message-ID"]
    assert letter(*words, "See.", with_photo=True).get_payload(1).get_content() == photo()


def _names() -> dict[str, set[str]]:
    company = read("company.yaml")
    return {
        "section": {one["name"] for one in company["sections"]},
        "category": set(company["categories"]),
        "partner_category": set(company["partner_categories"]),
        "calendar": {one["name"] for one in company["calendars"]},
        "template": {one["name"] for one in read("templates.yaml")},
    }


def _numbered(fields: dict[str, object]) -> dict[str, object]:
    return {f"{k}_id" if k in NAMED else k: 1 if k in NAMED else v for k, v in fields.items()}
