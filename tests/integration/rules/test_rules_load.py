"""Rules are loaded from a file: all of them, or none (A5, A6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import A5, A6, created, snapshot

import services.rules
from services.contracts.directory import User, UserChanged
from services.contracts.errors import ServiceAway
from services.rules import command_line
from services.rules.__main__ import main
from services.rules.actions.load_rules import load_rules
from services.rules.actions.save_calendar import save_calendar
from services.rules.errors import MistakesInFile
from services.rules.model.saving import changed_rule
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

EXAMPLE = (Path(services.rules.__file__).parent / "examples" / "helpdesk.yaml").read_text()


@pytest.fixture
def service(database: Database) -> Bench:
    return bench(database)


@pytest.fixture
def logs_restored() -> Iterator[None]:
    """A command sends the logs of its process to the standard error it was started with."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def load(service: Bench, text: str) -> list[tuple[str, bool]]:
    loaded = load_rules(service.transactions, service.directory, text)
    return [(one.name, one.replaced) for one in loaded]


def test_A5_A6_the_example_is_loaded_as_written(service: Bench) -> None:
    names = ["Assign new cases", "Priority to Gold partners", "Copy to an expert after 2 days"]
    assert load(service, EXAMPLE) == [(name, False) for name in names]
    for wanted in (A5, A6):
        rule = service.rule(wanted["name"])
        expected = changed_rule(None, wanted)
        assert rule == expected.model_copy(update={"id": rule.id, "order": rule.order})


def test_a_rule_of_the_same_name_is_replaced_whole(service: Bench) -> None:
    service.save({**A6, "stop": True, "order": 7})
    before = service.rule(A6["name"])
    text = f"- name: {A6['name']}\n  then: [escalate]\n"
    assert load(service, text) == [(A6["name"], True)]
    after = service.rule(A6["name"])
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert (after.stop, after.order) == (False, 100)
    assert after.criteria.partner_category_id is None


def test_A2_a_file_counts_on_the_working_calendars_there_are(service: Bench) -> None:
    command = {"idempotency_key": "one", "fields": {"name": "Office"}}
    save_calendar(service.transactions, command)
    text = """
- name: Contract
  trigger: {date: creation, delay: 1, unit: hours, calendar: Office}
  then: [{set_deadline: {which: response, delay: 2, unit: hours, calendar: Office}}]
"""
    assert load(service, text) == [("Contract", False)]
    rule = service.rule("Contract")
    assert (rule.trigger.calendar_id, rule.actions[0].calendar_id) == (1, 1)


def test_loading_a_timed_rule_leaves_alone_what_is_overdue(service: Bench) -> None:
    service.take_in(created(snapshot()))
    text = "- name: X\n  trigger: {date: creation, delay: 1}\n  then: [{remind: responsible}]\n"
    (loaded,) = load_rules(service.transactions, service.directory, text)
    assert (loaded.armed, loaded.overdue) == (0, 1)
    (again,) = load_rules(service.transactions, service.directory, text, fire_overdue=True)
    assert (again.replaced, again.armed, again.overdue) == (True, 1, 0)


def test_with_a_mistake_in_one_rule_none_is_loaded(service: Bench) -> None:
    text = EXAMPLE + "\n- name: Bad\n  when: {responsible: bob}\n  then: [escalate]\n"
    with pytest.raises(MistakesInFile) as raised:
        load(service, text)
    assert raised.value.mistakes == (
        "rule “Bad”: when.responsible: there is no user “bob”; there are demo",
    )
    assert service.rule(A6["name"]) is None


def test_with_a_mistake_that_only_saving_shows_none_is_loaded(service: Bench) -> None:
    """Rules have heard that the user left, while the list of cases was read before."""
    gone = User(id=2, login="demo", name="Demo User", active=False, version=2)
    service.take_in(UserChanged(id=new_id(), occurred_at=now(), data=gone))
    with pytest.raises(MistakesInFile) as raised:
        load(service, EXAMPLE)
    assert raised.value.mistakes == (
        "rule “Assign new cases”: actions.0.user_id: Demo User is not active; name another",
        "rule “Copy to an expert after 2 days”: "
        "criteria.responsible_id: Demo User is not active; name another",
    )
    assert service.rule(A6["name"]) is None


def test_while_cases_is_away_none_is_loaded(service: Bench) -> None:
    service.cases.away = True
    with pytest.raises(ServiceAway):
        load(service, EXAMPLE)
    assert service.rule(A6["name"]) is None


@pytest.mark.usefixtures("logs_restored")
def test_the_commands_print_what_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["list"]) == 1
    assert "is the database migrated?" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    file = tmp_path / "rules.yaml"
    file.write_text("- name: Escalate claims\n  when: {kind: claim}\n  then: [escalate]\n")
    assert main(["load", str(file)]) == 0
    assert main(["load", str(file)]) == 0
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "added  Escalate claims",
        "replaced  Escalate claims",
        "  100  #1    on   Escalate claims  [on the event: escalate]",
    ]
    file.write_text("- name: Escalate claims\n  wen: {kind: claim}\n")
    assert main(["load", str(file)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "rule “Escalate claims”: wen is not known; there are "
        "name, order, active, stop, when, trigger, then",
        "nothing is loaded",
    ]
    assert main(["load", str(tmp_path / "none.yaml")]) == 1
    assert "nothing is loaded" in capsys.readouterr().err


def test_the_command_tells_what_waits_and_what_is_overdue() -> None:
    one = command_line.Loaded("X", False, 3, 2)
    assert command_line.told(one) == (
        "added  X; it waits for 3 cases; 2 overdue cases are left alone (--fire-overdue takes them)"
    )
