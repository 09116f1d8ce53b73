"""Rules are put into an order, and looked at before they are saved (A4, A10)."""

from __future__ import annotations

from typing import Any

import pytest
from integration.rules.rules_bench import Bench, bench
from structlog.testing import capture_logs
from unit.rules.rules_builders import HIGH, created, snapshot

from services.contracts.errors import InvalidRequest
from services.rules import history
from services.rules.actions.order_rules import order_rules
from services.runtime.database import Database
from services.runtime.identity import new_id


@pytest.fixture
def service(database: Database) -> Bench:
    return bench(database)


def put(service: Bench, *ids: int, **more: Any) -> list[tuple[str, int, int]]:
    command = {"idempotency_key": new_id(), "ids": ids, **more}
    rules = order_rules(service.transactions, command)
    return [(rule.name, rule.order, rule.version) for rule in rules]


def test_A4_rules_are_judged_in_the_order_they_are_put_into(service: Bench) -> None:
    for name, order in (("one", 10), ("two", 20), ("three", 20), ("four", 5)):
        service.save({"name": name, "order": order, "actions": [HIGH]})
    service.take_in(created(snapshot(number=1)))
    assert [name for name, _ in service.fired()] == ["four", "one", "two", "three"]
    # "one" was at 10 already: it stays as it is.
    expected = [("one", 10, 1), ("three", 20, 1), ("four", 30, 2), ("two", 40, 2)]
    assert put(service, 1, 3, idempotency_key="key") == expected
    assert put(service, 4, 3, 2, 1, idempotency_key="key") == expected
    service.take_in(created(snapshot(number=2)))
    assert [name for name, _ in service.fired()] == ["one", "three", "four", "two"]
    with service.transactions.database.read() as connection:
        (entry, _) = history.entries(connection, "rule", "2")
    assert [(c.field, c.before, c.after) for c in entry.changes] == [("order", 20, 40)]


def test_A4_an_order_that_names_what_is_not_there_changes_nothing(service: Bench) -> None:
    service.save({"name": "one", "order": 7, "actions": [HIGH]})
    for ids in ((1, 9), (1, 1), ()):
        with pytest.raises(InvalidRequest) as raised:
            put(service, *ids)
        assert raised.value.field == "ids"
    assert service.rule("one").order == 7


def test_A10_a_form_sees_the_numbers_before_anything_is_saved(service: Bench) -> None:
    service.take_in(created(snapshot()))
    fields = {"name": "Late", "trigger": {"date": "creation", "delay": 1}, "actions": [HIGH]}
    with capture_logs() as logs:
        looked = service.save(fields, check_only=True, idempotency_key="key")
        fired = service.save(fields, check_only=True, fire_overdue=True)
    assert logs == []
    assert (looked["armed"], looked["overdue"]) == (0, 1)
    assert (fired["armed"], fired["overdue"]) == (1, 0)
    assert service.rule("Late") is None and service.waiting() == 0
    saved = service.save(fields, idempotency_key="key")
    assert (saved["rule"]["name"], saved["armed"], saved["overdue"]) == ("Late", 0, 1)
    more = {"id": saved["rule"]["id"], "version": 1, "check_only": True}
    assert service.save({"trigger": {}}, **more)["armed"] == 0
    assert service.rule("Late").version == 1
    with pytest.raises(InvalidRequest, match="say what to do"):
        service.save({"actions": []}, **more)
