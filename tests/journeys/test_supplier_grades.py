"""From a claim to the grade of a supplier, and what a rule makes of it (R5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.system import Api, RunningSystem, wait_for

ROUND_SECONDS = 40.0  # some rounds of grading, and the way there


@pytest.fixture(scope="module")
def system(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    made = RunningSystem(
        tmp_path_factory.mktemp("grades") / "home", own_broker, GRADING_INTERVAL_SECONDS="2"
    )
    with made.running():
        yield made


def a_supplier(api: Api, name: str, address: str) -> int:
    contacts = [{"name": name, "address": address}]
    made = api.post("/partners", name=name, is_supplier=True, contacts=contacts)
    return int(made["id"])


def in_categories(api: Api, partner_id: int) -> list[int]:
    return list(api.get(f"/partners/{partner_id}")["category_ids"])


def a_claim(api: Api, partner: str, **more: Any) -> int:
    case = {"subject": f"Claim about {partner}", "kind": "claim", "state": "open"}
    return int(api.post("/cases", **case, partner=partner, **more)["number"])


def test_R5_claims_put_suppliers_into_categories_that_rules_act_on(system: RunningSystem) -> None:
    api = system.api()
    good, poor = (
        api.post("/partner-categories", name=name)["id"] for name in ("Good supplier", "On watch")
    )
    blue = a_supplier(api, "Blue Bearings", "blue@bearings.example")
    red = a_supplier(api, "Red Rollers", "red@rollers.example")
    api.post(
        "/rules",
        name="Watch them",
        criteria={"state_from": "none", "partner_category_id": poor},
        actions=[{"do": "set_priority", "priority": "highest"}],
    )
    a_claim(api, "Blue Bearings", estimated_cost="20.00")
    for _ in range(3):
        first = a_claim(api, "Red Rollers", estimated_cost="50.00")
    assert api.get(f"/cases/{first}")["priority"] == "normal"
    grading = api.post(
        "/gradings",
        name="Supplier quality",
        kind="claim",
        grades=[
            {"category_id": good, "most_cases": 2, "most_cost": "100.00"},
            {"category_id": poor},
        ],
    )
    wait_for(lambda: in_categories(api, red) == [poor], "Red on watch", ROUND_SECONDS)
    wait_for(lambda: in_categories(api, blue) == [good], "Blue among the good", ROUND_SECONDS)

    shown = api.get(f"/gradings/{grading['id']}/grades")
    told = {one["partner"]: one for one in shown["suppliers"]}
    assert (told["Red Rollers"]["count"], told["Red Rollers"]["cost"]) == (3, "150.00")
    assert told["Red Rollers"]["kept_from"]["limits"] == ["most_cases", "most_cost"]
    assert told["Blue Bearings"]["category"] == "Good supplier"
    (entry, _) = api.get(f"/partners/{red}/history")["items"]
    assert entry["actor_name"] == (
        "Casewire, grading “Supplier quality”: 3 cases, where Good supplier allows 2; "
        "a cost of 150.00 EUR, where Good supplier allows 100.00 EUR"
    )

    next_of_red = a_claim(api, "Red Rollers")
    wait_for(
        lambda: api.get(f"/cases/{next_of_red}")["priority"] == "highest", "the rule's priority", 30
    )
    assert api.get(f"/cases/{a_claim(api, 'Blue Bearings')}")["priority"] == "normal"

    # By hand into no category: what was told once is not told again.
    version = api.get(f"/partners/{blue}")["version"]
    api.patch(f"/partners/{blue}", version=version, category_ids=[])
    a_claim(api, "Blue Bearings", estimated_cost="90.00")
    wait_for(lambda: in_categories(api, blue) == [poor], "Blue on watch", ROUND_SECONDS)
