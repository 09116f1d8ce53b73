"""Events come in and rules fire, each once, on both databases (A4, A6, A10)."""

from __future__ import annotations

from typing import Any

import pytest
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import (
    A6,
    ACME,
    CONTRACT,
    GOLD,
    HIGH,
    created,
    hours,
    moved,
    noted,
    rule_link,
    snapshot,
    updated,
)

from services.contracts.envelope import Link
from services.contracts.rules import RuleFired, RuleStopped
from services.rules.actions.delete_rule import delete_rule
from services.rules.errors import RuleBroke
from services.rules.model import arming, rulebook
from services.rules.model.criteria import Criterion, criteria_of
from services.runtime.database import Database

GOLD_CASE = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])
PING = {"name": "Ping", "criteria": {"state_to": "open"}, "actions": [HIGH]}
PONG = {"name": "Pong", "criteria": {"state_to": "pending"}, "actions": [HIGH]}


@pytest.fixture
def service(database: Database) -> Bench:
    return bench(database)


def test_A6_the_order_to_cases_says_what_why_and_whence(service: Bench) -> None:
    service.save(A6)
    event = created(GOLD_CASE)
    assert service.take_in(event) == []
    (fired,) = service.published()
    assert isinstance(fired, RuleFired)
    assert (fired.case_id, fired.data.rule_name) == (101, "Priority to Gold partners")
    assert (fired.actor.kind, fired.actor.id, fired.actor.name) == (
        "rule",
        1,
        "Priority to Gold partners",
    )
    assert fired.data.why == (
        "it was created as open",
        "its partner Acme is in category Support Contract / Gold",
    )
    assert fired.data.judged == GOLD_CASE
    assert [action.do for action in fired.data.actions] == ["set_priority"]
    assert fired.cause == (
        Link(kind="event", id=event.id, name="case.created"),
        Link(kind="rule", id="1", name="Priority to Gold partners"),
    )
    (firing,) = service.firings(case_number=101)
    assert (firing.firing_id, firing.rule_id, firing.why) == (
        fired.data.firing_id,
        1,
        fired.data.why,
    )


def test_A4_an_event_that_comes_twice_fires_once(service: Bench) -> None:
    service.save(A6)
    event = created(GOLD_CASE)
    service.take_in(event, event)
    service.take_in(event)
    assert service.fired() == [("Priority to Gold partners", 101)]


def test_A10_a_note_on_an_open_case_fires_nothing_again(service: Bench) -> None:
    service.save(A6)
    case = GOLD_CASE.model_copy(update={"version": 2})
    service.take_in(created(GOLD_CASE), noted(case))
    service.take_in(updated(case.model_copy(update={"version": 3}), "priority"))
    assert service.fired() == [("Priority to Gold partners", 101)]


def test_A4_a_batch_is_judged_event_by_event_in_the_order_of_the_rules(service: Bench) -> None:
    service.save({"name": "Last", "order": 30, "actions": [HIGH]})
    service.save({"name": "First", "order": 10, "actions": [HIGH]})
    service.save({"name": "End", "order": 20, "criteria": {"kind": "claim"}, "stop": True})
    service.take_in(created(snapshot(number=1, kind="claim")), created(snapshot(number=2)))
    assert service.fired() == [("First", 1), ("End", 1), ("First", 2), ("Last", 2)]


def test_A4_rules_that_set_each_other_off_are_stopped_once_and_for_good(service: Bench) -> None:
    """What cases would do is done here: each order becomes the change that sets off the other."""
    service.save(PING)
    service.save(PONG)
    case = snapshot(state="draft", version=1)
    event = moved("draft", case.model_copy(update={"state": "open", "version": 2}))
    fired: list[str] = []
    stopped: list[RuleStopped] = []
    for version in range(3, 30):
        service.take_in(event)
        published = service.published()
        if not published:
            break
        (message,) = published
        if isinstance(message, RuleStopped):
            stopped.append(message)
            event = updated(snapshot(version=version), cause=message.caused())
        else:
            fired.append(message.data.rule_name)
            before, after = event.data.case.state, "pending"
            if before == "pending":
                after = "open"
            changed = snapshot(version=version, state=after)
            event = moved(before, changed, cause=message.caused(), actor=message.actor)
    assert fired == ["Ping", "Pong"] * 4
    (stop,) = stopped
    assert (stop.data.depth, stop.data.chain) == (8, ("Ping", "Pong") * 4)
    assert (stop.case_id, stop.data.rule_name) == (101, "Ping")


def test_A4_a_stopped_chain_is_told_once_when_the_event_comes_again(service: Bench) -> None:
    service.save(PING)
    chain = tuple(rule_link(7 + position % 2) for position in range(8))
    event = created(snapshot(), cause=chain)
    service.take_in(event)
    assert [message.type for message in service.published()] == ["rule.stopped"]
    assert [firing.outcome for firing in service.firings()] == ["stopped"]


def test_A4_a_rule_that_breaks_is_tried_again_and_holds_up_nobody(
    service: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("First", "Breaks", "Third"):
        service.save({"name": name, "criteria": {"kind": "helpdesk"}, "actions": [HIGH]})
    service.save({"name": "Timed", "trigger": {"date": "creation", "delay": 9}, "actions": [HIGH]})
    is_broken = True

    def may_break(case: Any) -> bool:
        if is_broken and case.number == 1:
            raise ZeroDivisionError("no such thing")
        return True

    def criteria(given: Any) -> tuple[Criterion, ...]:
        return (
            tuple(Criterion(one.fields, may_break, one.words) for one in criteria_of(given))
            if next(turns) == "Breaks"
            else criteria_of(given)
        )

    turns = iter(["First", "Breaks", "Third", "Timed"])
    monkeypatch.setattr(rulebook, "criteria_of", criteria)
    one, two = created(snapshot(number=1)), created(snapshot(number=2))
    (failure,) = service.take_in(one, two)
    assert failure.message == one and isinstance(failure.error, RuleBroke)
    assert str(failure.error) == "rule “Breaks”: ZeroDivisionError('no such thing')"
    assert service.fired() == [
        ("First", 1),
        ("Third", 1),
        ("First", 2),
        ("Breaks", 2),
        ("Third", 2),
    ]
    assert service.waiting() == 2
    is_broken = False
    assert service.take_in(one) == []
    assert service.fired() == [("Breaks", 1)]


def test_A4_a_rule_that_another_process_saved_is_known_at_once(
    service: Bench, database: Database
) -> None:
    other = Bench(database)
    service.take_in(created(snapshot(number=1)))
    saved = other.save(A6)["rule"]
    service.take_in(created(GOLD_CASE))
    assert service.fired() == [("Priority to Gold partners", 101)]
    other.save({"active": False}, id=saved["id"], version=1)
    service.take_in(created(GOLD_CASE.model_copy(update={"number": 102})))
    other.save({"active": True}, id=saved["id"], version=2)
    service.take_in(created(GOLD_CASE.model_copy(update={"number": 103})))
    delete_rule(other.transactions, saved["id"], 3)
    service.take_in(created(GOLD_CASE.model_copy(update={"number": 104})))
    assert service.fired() == [("Priority to Gold partners", 103)]


def test_an_event_that_comes_late_does_not_hide_what_is_known(service: Bench) -> None:
    waits = {"name": "Waits", "criteria": {"state_to": "open"}, "actions": [HIGH]}
    service.save({**waits, "trigger": {"date": "creation", "delay": 2}})
    service.take_in(moved("open", snapshot(version=3, state="done", state_since=hours(2))))
    service.take_in(moved("draft", snapshot(version=2, state_since=hours(1))))
    assert service.waiting() == 0


def test_events_that_arrive_in_disorder_tell_the_same(service: Bench) -> None:
    opened = {"state_from": "draft", "state_to": "open"}
    trigger = {"date": "state", "delay": 2}
    service.save({"name": "Opened", "criteria": opened, "trigger": trigger, "actions": [HIGH]})
    note = noted(snapshot(version=3, state_since=hours(1)))
    service.take_in(note, moved("draft", snapshot(version=2, state_since=hours(1))))
    assert service.waiting() == 1


def test_A4_a_timed_rule_that_breaks_waits_once_its_event_is_tried_again(
    service: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.save({"name": "Timed", "trigger": {"date": "creation", "delay": 9}, "actions": [HIGH]})
    event = created(snapshot())
    real = arming.due_of

    def breaks(ready: Any, known: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(arming, "due_of", breaks)
    (failure,) = service.take_in(event)
    assert "rule “Timed”" in str(failure.error)
    monkeypatch.setattr(arming, "due_of", real)
    assert service.take_in(event) == []
    assert service.waiting() == 1


def test_a_rule_of_a_newer_release_does_not_hold_up_the_others(service: Bench) -> None:
    service.save(A6)
    body = '{"actions": [{"do": "conjure"}]}'
    with service.transactions.begin() as transaction:
        transaction.connection.exec_driver_sql(
            f"INSERT INTO rules (id, version, name, body) VALUES (99, 1, 'Newer', '{body}')"
        )
    assert service.take_in(created(GOLD_CASE)) == []
    assert service.fired() == [("Priority to Gold partners", 101)]


def test_any_characters_of_a_mail_are_kept(service: Bench) -> None:
    service.save({"name": "Waits", "trigger": {"date": "creation"}, "actions": [HIGH]})
    assert service.take_in(created(snapshot(subject="null \x00 and 🖨 \ufffe"))) == []
    assert service.sweep() == 1
    (fired,) = service.published()
    assert fired.data.judged.subject == "null \x00 and 🖨 \ufffe"
