"""Categories, kinds and templates are renamed and retired, and rules that name them follow."""

from __future__ import annotations

from typing import Any

import pytest
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import HIGH, created, snapshot

from services.contracts.directory import (
    Category,
    CategoryChanged,
    Kind,
    KindChanged,
    MailTemplate,
    TemplateChanged,
)
from services.contracts.envelope import Envelope
from services.contracts.errors import InvalidRequest
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

GOLD = {"id": 11, "name": "Gold", "tree": "partner_category"}
PRINT = {"id": 7, "name": "Print", "tree": "category"}
LETTER = {"id": 3, "name": "Thanks", "subject": "Thanks", "text": "Thank you."}
RECEIPT = {"do": "send_template", "whom": "partner", "template_id": 3}


@pytest.fixture
def service(database: Database) -> Bench:
    made = bench(database)
    made.cases.lists["list_templates"] = [LETTER]
    return made


def told(event: type[Envelope], data: Any, version: int, **more: Any) -> Envelope:
    made: Any = event
    message: Envelope = made(
        id=new_id(), occurred_at=now(), data={**data, "version": version, **more}
    )
    return message


def category(data: dict[str, Any], path: str, version: int, **more: Any) -> Envelope:
    return told(CategoryChanged, Category(**data, path=path).model_dump(), version, **more)


def claim(version: int, **more: Any) -> Envelope:
    return told(KindChanged, Kind(code="claim", name="Claim").model_dump(), version, **more)


@pytest.mark.parametrize(
    ("fields", "gone", "problem"),
    [
        (
            {"criteria": {"partner_category_id": 11}},
            category(GOLD, "Support Contract / Gold", 2, active=False),
            "the partner category Support Contract / Gold",
        ),
        (
            {"criteria": {"category_id": 7}},
            category(PRINT, "Fault / Print", 2, active=False),
            "the category Fault / Print",
        ),
        (
            {"actions": [{"do": "set_category", "category_id": 7}]},
            category(PRINT, "Fault / Print", 2, active=False),
            "the category Fault / Print",
        ),
        ({"criteria": {"kind": "claim"}}, claim(2, active=False), "the kind Claim"),
        (
            {"actions": [RECEIPT]},
            told(TemplateChanged, MailTemplate(**LETTER).model_dump(), 2, active=False),
            "the template Thanks",
        ),
    ],
    ids=["partner category", "category", "category to set", "kind", "template"],
)
def test_A4_a_rule_is_switched_off_when_what_it_names_is_retired(
    service: Bench, fields: dict[str, Any], gone: Envelope, problem: str
) -> None:
    service.save({"name": "Names it", "actions": [HIGH], **fields})
    service.save({"name": "Does not", "actions": [HIGH]})
    assert service.take_in(gone) == []
    rule = service.rule("Names it")
    assert (rule.active, rule.problem) == (False, f"switched off: {problem} is not active any more")
    assert service.rule("Does not").active


def test_A4_older_news_of_a_kind_are_no_news(service: Bench) -> None:
    service.save({"name": "Claims", "criteria": {"kind": "claim"}, "actions": [HIGH]})
    service.take_in(claim(3))
    service.take_in(claim(2, active=False))
    assert service.rule("Claims").active
    service.take_in(claim(4, active=False), claim(5))
    assert service.rule("Claims").active


def test_A4_a_rule_for_a_kind_that_is_not_in_use_is_refused(service: Bench) -> None:
    for kind in ("leave", "nothing"):
        with pytest.raises(InvalidRequest, match=r"criteria\.kind: must be one of helpdesk, claim"):
            service.save({"name": "X", "criteria": {"kind": kind}, "actions": [HIGH]})
    service.take_in(claim(2, active=False))
    with pytest.raises(InvalidRequest, match=r"criteria\.kind: claim is not in use any more"):
        service.save({"name": "X", "criteria": {"kind": "claim"}, "actions": [HIGH]})
    off = {"name": "X", "criteria": {"kind": "claim"}, "actions": [HIGH], "active": False}
    assert service.save(off)["rule"]["active"] is False


def test_A1_a_partner_category_is_called_by_its_new_path(service: Bench) -> None:
    criteria = {"partner_category_id": 11}
    service.save({"name": "X", "criteria": criteria, "actions": [HIGH]})
    service.take_in(created(snapshot(number=1, partner_categories=[11])))
    service.take_in(category(GOLD, "Contract / Gold", 2))
    service.take_in(category(GOLD, "An older path", 1))
    service.take_in(created(snapshot(number=2, partner_categories=[11])))
    first, second = service.published()
    assert first.data.why[-1].endswith("is in category Support Contract / Gold")
    assert second.data.why[-1].endswith("is in category Contract / Gold")


def test_A10_a_retired_category_is_no_name_for_a_new_rule(service: Bench) -> None:
    service.take_in(category(PRINT, "Fault / Print", 2, active=False))
    with pytest.raises(InvalidRequest, match=r"criteria\.category_id: Fault / Print is not active"):
        service.save({"name": "X", "criteria": {"category_id": 7}, "actions": [HIGH]})
