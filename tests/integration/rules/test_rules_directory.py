"""What rules learn of users, sections and partners, and what follows when one leaves."""

from __future__ import annotations

from typing import Any

import pytest
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import A5, A6, DEMO, HIGH, created, snapshot

from services.contracts.cases import Ref
from services.contracts.directory import (
    Partner,
    PartnerChanged,
    Section,
    SectionChanged,
    User,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id


@pytest.fixture
def service(database: Database) -> Bench:
    return bench(database)


def told(data: User | Section | Partner) -> Envelope:
    made: Any = {User: UserChanged, Section: SectionChanged, Partner: PartnerChanged}[type(data)]
    message: Envelope = made(id=new_id(), occurred_at=now(), data=data)
    return message


def demo(version: int, **values: Any) -> Envelope:
    return told(User(id=DEMO.id, login="demo", name=DEMO.name, version=version, **values))


def test_a_rule_that_names_a_user_who_left_is_switched_off_and_says_why(service: Bench) -> None:
    service.save(A5)
    service.save(A6)
    service.take_in(created(snapshot(responsible=DEMO)))
    assert service.waiting() == 1
    assert service.take_in(demo(2, active=False)) == []
    rule = service.rule(A5["name"])
    assert (rule.active, rule.version) == (False, 2)
    assert rule.problem == "switched off: the user Demo User is not active any more"
    assert service.waiting() == 0
    assert service.rule(A6["name"]).active


@pytest.mark.parametrize(
    ("fields", "gone"),
    [
        ({"criteria": {"section_id": 1}}, Section(id=1, name="Support", active=False, version=2)),
        (
            {"actions": [{"do": "move_to_section", "section_id": 1}]},
            Section(id=1, name="Support", active=False, version=2),
        ),
        (
            {"actions": [{"do": "assign", "user_id": DEMO.id}]},
            User(id=DEMO.id, login="demo", name="Demo User", active=False, version=2),
        ),
        ({"criteria": {"partner_id": 5}}, Partner(id=5, name="Acme", active=False, version=2)),
    ],
)
def test_a_rule_is_switched_off_for_whatever_it_names(
    service: Bench, fields: dict[str, Any], gone: Any
) -> None:
    service.cases.lists["list_partners"] = [{"id": 5, "name": "Acme"}]
    service.save({"name": "Names it", "actions": [HIGH], **fields})
    service.save({"name": "Does not", "actions": [HIGH]})
    service.take_in(told(gone))
    assert not service.rule("Names it").active
    assert gone.name in service.rule("Names it").problem
    assert service.rule("Does not").active


def test_older_news_are_no_news(service: Bench) -> None:
    service.save(A5)
    service.take_in(demo(5))
    service.take_in(demo(4, active=False))
    assert service.rule(A5["name"]).active
    service.take_in(demo(6, active=False), demo(7))
    assert service.rule(A5["name"]).active


def test_saying_the_same_again_does_not_hide_what_came_between(service: Bench) -> None:
    service.save(A5)
    service.take_in(demo(2))
    service.take_in(demo(4))
    service.take_in(demo(3, active=False))
    assert service.rule(A5["name"]).active


def test_a_section_is_called_by_its_new_name(service: Bench) -> None:
    criteria = {"section_id": 1, "with_subsections": True}
    service.save({"name": "X", "criteria": criteria, "actions": [HIGH]})
    below = {"section": Ref(id=4, name="Level 1"), "section_path": [4, 1]}
    service.take_in(created(snapshot(number=1, **below)))
    service.take_in(told(Section(id=1, name="Care", version=2)))
    service.take_in(created(snapshot(number=2, **below)))
    first, second = service.published()
    assert first.data.why[-1] == "its section Level 1 lies within Support"
    assert second.data.why[-1] == "its section Level 1 lies within Care"
