"""Who changed which rule, and how, on both databases (A4, K6)."""

from __future__ import annotations

from typing import Any

import pytest
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import A5, A6, DEMO, HIGH

from services.contracts.directory import DirectoryChange, User, UserChanged
from services.contracts.errors import InvalidRequest
from services.rules import history
from services.rules.actions.delete_rule import delete_rule
from services.rules.actions.load_rules import load_rules
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id


@pytest.fixture
def service(database: Database) -> Bench:
    return bench(database)


def heard(**fields: Any) -> UserChanged:
    user = User(id=DEMO.id, login="demo", name=DEMO.name, **fields)
    return UserChanged(id=new_id(), occurred_at=now(), data=user)


def entries(service: Bench, rule_id: int) -> list[DirectoryChange]:
    with service.transactions.database.read() as connection:
        return history.entries(connection, "rule", str(rule_id))


def replayed(service: Bench, rule_id: int) -> dict[str, Any]:
    """Each field as the history leaves it; a change must begin where the last one ended."""
    fields: dict[str, Any] = {}
    for version, entry in enumerate(reversed(entries(service, rule_id)), 1):
        assert entry.version == version
        for change in entry.changes:
            assert fields.get(change.field) == change.before
            fields[change.field] = change.after
    return fields


def test_A4_each_change_of_a_rule_tells_who_when_and_what(service: Bench) -> None:
    service.take_in(heard())
    id = service.save(A6, actor_id=DEMO.id)["rule"]["id"]
    service.save({"criteria": {"priority": "low"}, "order": 5}, id=id, version=1, actor_id=99)
    delete_rule(service.transactions, id, 2, DEMO.id)
    deleted, changed, added = entries(service, id)
    assert [one.version for one in (deleted, changed, added)] == [3, 2, 1]
    assert (added.what, added.key, added.actor_id, added.actor_name) == (
        "rule",
        str(id),
        DEMO.id,
        DEMO.name,
    )
    assert (changed.actor_id, changed.actor_name) == (99, "")
    assert {(one.field, one.before, one.after) for one in changed.changes} == {
        ("order", 100, 5),
        ("criteria.state_to", "open", "any"),
        ("criteria.partner_category_id", 11, None),
        ("criteria.priority", None, "low"),
    }
    assert deleted.actor_name == DEMO.name
    assert set(replayed(service, id).values()) == {None}


def test_A4_the_history_replays_to_the_rule(service: Bench) -> None:
    id = service.save(A6)["rule"]["id"]
    service.save({"active": False}, id=id, version=1)
    service.save({"actions": [HIGH, {"do": "escalate"}]}, id=id, version=2)
    fields, rule = replayed(service, id), service.rule(A6["name"]).model_dump(mode="json")
    assert {name: fields.get(name) for name in ("name", "active", "actions", "order")} == {
        name: rule[name] for name in ("name", "active", "actions", "order")
    }
    assert fields["criteria.partner_category_id"] == 11


def test_A4_a_save_that_changes_nothing_is_no_new_version(service: Bench) -> None:
    id = service.save(A6)["rule"]["id"]
    again = service.save({"order": 100}, id=id, version=1)
    assert again["rule"]["version"] == 1
    assert len(entries(service, id)) == 1


def test_A4_what_no_user_did_names_who_it_was(service: Bench) -> None:
    service.take_in(heard())
    text = "- name: Loaded\n  when: {responsible: demo}\n  then: [set_state: open]\n"
    load_rules(service.transactions, service.directory, text)
    id = service.rule("Loaded").id
    service.take_in(heard(active=False, version=2))
    switched_off, loaded = entries(service, id)
    assert (loaded.actor_id, loaded.actor_name) == (None, "rule file")
    assert (switched_off.actor_id, switched_off.actor_name) == (None, "Casewire")
    fields = {change.field: change.after for change in switched_off.changes}
    assert fields == {
        "active": False,
        "problem": "switched off: the user Demo User is not active any more",
    }


def test_A4_a_rule_that_could_not_be_saved_leaves_no_history(service: Bench) -> None:
    id = service.save(A5)["rule"]["id"]
    with pytest.raises(InvalidRequest):
        service.save({"name": ""}, id=id, version=1)
    assert [one.version for one in entries(service, id)] == [1]
