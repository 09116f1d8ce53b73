"""Rules that could do harm, from front door to front door: loops, who left, and very many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.mail_program import new_mail
from support.system import Api, RunningSystem, wait_for

MANY = 1000
OTHER = {"low": "high", "high": "low"}


@pytest.fixture(scope="module")
def system(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    made = RunningSystem(tmp_path_factory.mktemp("bounds") / "home", own_broker)
    with made.running():
        yield made


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


def test_A4_rules_that_set_each_other_off_stop_and_the_history_names_them(api: Api) -> None:
    for name, priority in (("Up", "low"), ("Down", "high")):
        api.post(
            "/rules",
            name=name,
            criteria={"priority": priority, "subject_contains": "seesaw"},
            actions=[{"do": "set_priority", "priority": OTHER[priority]}],
        )
    number = api.post("/cases", subject="A seesaw", priority="low", state="open")["number"]
    (entry,) = wait_for(lambda: _stops(api, number), "the entry that rules were stopped", 30)
    assert "rules set each other off 8 times and were stopped before “Up”" in entry["reason"]
    assert "“Up” → “Down” → “Up”" in entry["reason"]
    assert "change their criteria" in entry["reason"]
    case = api.get(f"/cases/{number}")
    acted = [e["actor_name"] for e in case["history"] if "rule “" in e["reason"]]
    assert acted == ["Up", "Down"] * 4
    assert case["history"][-1]["reason"] == entry["reason"]
    firings = api.get("/firings", case_number=number)["items"]
    assert sorted(one["outcome"] for one in firings) == ["fired"] * 8 + ["stopped"]

    # A person who touches it begins a new chain: the rules are not off, they were stopped once.
    api.patch(f"/cases/{number}", version=case["version"], priority=OTHER[case["priority"]])
    wait_for(lambda: len(_stops(api, number)) == 2, "the second stop", 30)


def test_A10_a_rule_does_not_set_itself_off(api: Api) -> None:
    api.post(
        "/rules",
        name="Note each change",
        criteria={"state_from": "open", "state_to": "open", "subject_contains": "itself"},
        actions=[{"do": "add_note", "text": "It was changed"}, {"do": "add_tags", "tags": ["x"]}],
    )
    case = api.post("/cases", subject="By itself", state="open")
    api.patch(f"/cases/{case['number']}", version=case["version"], priority="high")

    def noted() -> list[Any]:
        return [m for m in api.get(f"/cases/{case['number']}")["messages"] if m["kind"] == "note"]

    wait_for(noted, "the note of the rule", 30)
    # A rule of another case has acted on a later event: what came before has been judged.
    probe = api.post(
        "/rules",
        name="Probe",
        criteria={"state_from": "none", "subject_contains": "probe"},
        actions=[{"do": "set_priority", "priority": "highest"}],
    )
    number = api.post("/cases", subject="A probe", state="open")["number"]
    wait_for(lambda: api.get(f"/cases/{number}")["priority"] == "highest", "the probe's rule", 30)
    assert len(noted()) == 1
    assert probe["rule"]["active"]


def test_A4_a_rule_on_a_user_or_section_that_is_no_more_is_off_and_says_why(api: Api) -> None:
    user = api.post("/users", login="leo", name="Leo Leaver")
    section = api.post("/sections", name="Fax desk")
    rules = {
        "To Leo": [{"do": "assign", "to": "user", "user_id": user["id"]}],
        "To the fax desk": [{"do": "move_to_section", "section_id": section["id"]}],
    }
    criteria = {"state_from": "none", "subject_contains": "fax"}
    ids = [
        api.post("/rules", name=name, criteria=criteria, actions=actions)["rule"]["id"]
        for name, actions in rules.items()
    ]
    number = api.post("/cases", subject="A fax came in")["number"]

    def both_acted() -> bool:
        case = api.get(f"/cases/{number}")
        return bool(case["responsible"]) and case["section"]["name"] == "Fax desk"

    wait_for(both_acted, "both rules at work", 30)
    api.patch(f"/users/{user['id']}", version=user["version"], active=False)
    api.patch(f"/sections/{section['id']}", version=section["version"], active=False)
    for id, words in zip(ids, ("user Leo Leaver", "section Fax desk"), strict=True):
        rule = wait_for(lambda id=id: _off(api, id), "the rule switched off", 30)
        assert rule["problem"] == f"switched off: the {words} is not active any more"
        again = api.patch(f"/rules/{id}", 422, version=rule["version"], active=True)
        assert "is not active; name another" in again["detail"]


def test_A4_of_a_thousand_rules_the_right_one_fires(
    system: RunningSystem, api: Api, tmp_path: Path
) -> None:
    written = [
        f"- name: Needle {number:04}\n"
        f"  when: {{state_from: none, subject_contains: needle-{number:04}}}\n"
        f"  then: [{{add_tags: [needle{number:04}]}}]\n"
        for number in range(MANY)
    ]
    file = tmp_path / "many.yaml"
    file.write_text("".join(written))
    told = system.run_module("services.rules", "load", str(file))
    assert told.count("added  Needle") == MANY
    assert len(list(api.all_of("/rules"))) >= MANY
    mail = new_mail("ann@blue.example", "support@ours.example", "Find needle-0617 in it", "Please.")
    assert system.deliver(mail.as_bytes()) == 0

    def found() -> dict[str, Any] | None:
        listed = api.get("/cases", q="needle-0617")["items"]
        return next((one for one in listed if one["tags"]), None)

    case = wait_for(found, "the tag of rule 617", 30)
    assert case["tags"] == ["needle0617"]
    firings = api.get("/firings", case_number=case["number"])["items"]
    assert [one["rule_name"] for one in firings] == ["Needle 0617"]


def _stops(api: Api, number: int) -> list[dict[str, Any]]:
    history = api.get(f"/cases/{number}")["history"]
    return [entry for entry in history if "set each other off" in entry["reason"]]


def _off(api: Api, id: int) -> dict[str, Any] | None:
    rule = dict(api.get(f"/rules/{id}"))
    return None if rule["active"] else rule
