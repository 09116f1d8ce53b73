"""Which rules an event fires, and which it does not (A4, A6, A10)."""

from __future__ import annotations

from dataclasses import replace

from unit.rules.rules_builders import (
    A6,
    ACME,
    CONTRACT,
    GOLD,
    book,
    by_rule,
    created,
    moved,
    noted,
    rule,
    rule_link,
    snapshot,
    updated,
)

from services.contracts.cases import CaseEvent, CaseSnapshot
from services.contracts.envelope import Link
from services.rules.model.chain import LONGEST_CHAIN
from services.rules.model.criteria import Criterion
from services.rules.model.engine import judge
from services.rules.model.rulebook import ReadyRule, RuleBook

GOLD_CASE = snapshot(partner=ACME, partner_categories=[CONTRACT, GOLD])


def fired(event: CaseEvent, rules: RuleBook) -> list[int]:
    return [judged.rule.id for judged in judge(event, rules).fires]


def test_A6_gold_partners_get_high_priority_however_their_case_comes_to_be_open() -> None:
    rules = book(rule(**A6))
    draft = GOLD_CASE.model_copy(update={"state": "draft"})
    assert fired(created(GOLD_CASE), rules) == [1]
    assert fired(created(draft), rules) == []
    assert fired(moved("draft", GOLD_CASE), rules) == [1]
    assert fired(moved("done", GOLD_CASE), rules) == [1]
    assert fired(updated(GOLD_CASE, "partner", "contact"), rules) == [1]
    assert fired(created(snapshot(partner=ACME, partner_categories=[CONTRACT])), rules) == []


def test_A6_says_why() -> None:
    (judged,) = judge(created(GOLD_CASE), book(rule(**A6))).fires
    assert judged.why == (
        "it was created as open",
        "its partner Acme is in category Support Contract / Gold",
    )


def test_A10_what_was_true_before_fires_nothing_again() -> None:
    rules = book(rule(**A6))
    assert fired(noted(GOLD_CASE), rules) == []
    assert fired(updated(GOLD_CASE, "priority"), rules) == []
    assert fired(updated(GOLD_CASE), rules) == []


def test_A10_the_same_value_again_is_no_change() -> None:
    """Cases lists a change only where something differs."""
    rules = book(rule(criteria={"priority": "high"}))
    case = snapshot(priority="high")
    assert fired(updated(case, "priority"), rules) == [1]
    assert fired(updated(case, "subject"), rules) == []


def test_A1_a_rule_that_stays_in_a_state_is_for_every_event_there() -> None:
    rules = book(rule(criteria={"state_from": "open", "state_to": "open"}))
    assert fired(noted(snapshot()), rules) == [1]
    assert fired(updated(snapshot(), "subject"), rules) == [1]
    assert fired(created(snapshot()), rules) == []
    assert fired(noted(snapshot(state="pending")), rules) == []


def test_A4_rules_are_judged_by_order_then_age_and_stop_ends_it() -> None:
    rules = [rule(id=1, order=20), rule(id=2, order=10), rule(id=3, order=10), rule(id=4, order=5)]
    assert fired(created(), book(*rules)) == [4, 2, 3, 1]
    rules[2] = rule(id=3, order=10, stop=True)
    assert fired(created(), book(*rules)) == [4, 2, 3]


def test_A4_a_rule_that_does_not_fire_stops_nothing() -> None:
    picky = rule(id=1, stop=True, criteria={"kind": "claim"})
    assert fired(created(), book(picky, rule(id=2))) == [2]


def test_A4_a_rule_switched_off_does_not_fire() -> None:
    assert fired(created(), book(rule(active=False))) == []


def test_A4_a_rule_does_not_fire_on_its_own_effect_but_others_do() -> None:
    rules = book(rule(id=1), rule(id=2))
    assert fired(moved("draft", snapshot(), **by_rule(1)), rules) == [2]


def chain_of(length: int) -> tuple[Link, ...]:
    """Two rules that set each other off; the last to fire was rule 2."""
    ids = [1 + (length - position) % 2 for position in range(length)]
    return tuple(rule_link(id) for id in ids)


def test_A4_rules_that_set_each_other_off_stop_at_the_stated_depth() -> None:
    rules = book(rule(id=1), rule(id=2))
    below = moved("draft", snapshot(), cause=chain_of(LONGEST_CHAIN - 1))
    at_it = moved("draft", snapshot(), cause=chain_of(LONGEST_CHAIN))
    assert [len(judge(below, rules).fires), len(judge(below, rules).stopped)] == [1, 0]
    assert [len(judge(at_it, rules).fires), len(judge(at_it, rules).stopped)] == [0, 1]


def test_A4_the_entry_that_tells_of_a_stop_sets_nothing_off() -> None:
    told = (*chain_of(LONGEST_CHAIN), Link(kind="event", id="x", name="rule.stopped"))
    judgement = judge(
        updated(snapshot(), cause=told),
        book(rule(criteria={"state_from": "open", "state_to": "open"})),
    )
    assert (judgement.fires, judgement.stopped) == ([], [])


def test_A4_rules_do_not_take_notice_of_each_others_mere_notes() -> None:
    watching = {"criteria": {"state_from": "open", "state_to": "open"}}
    rules = book(rule(id=1, **watching), rule(id=2, **watching))
    assert fired(updated(snapshot(), **by_rule(1)), rules) == []
    assert fired(noted(snapshot(), **by_rule(1)), rules) == []
    assert fired(updated(snapshot(), "priority", **by_rule(1)), rules) == [2]


def test_A4_a_rule_that_breaks_holds_up_no_other() -> None:
    def breaks(case: CaseSnapshot) -> bool:
        raise ZeroDivisionError

    rules = book(rule(id=1), rule(id=2), rule(id=3))
    bad = Criterion(frozenset(), breaks, lambda case, names: "")
    broken = ReadyRule(rules.immediate[1].rule, (bad,), frozenset())
    rules = replace(rules, immediate=(rules.immediate[0], broken, rules.immediate[2]))
    judgement = judge(created(), rules)
    assert [judged.rule.id for judged in judgement.fires] == [1, 3]
    ((failed, error),) = judgement.broken
    assert failed.id == 2 and isinstance(error, ZeroDivisionError)
