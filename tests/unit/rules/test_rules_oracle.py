"""The engine against rules read slowly and literally, on whatever hypothesis thinks up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from unit.rules.rules_builders import START, book, event, hours, rule, rule_link, snapshot

from services.contracts.cases import CaseEvent, CaseUpdated, Change, Ref
from services.contracts.envelope import Actor
from services.contracts.rules import Rule
from services.rules.model.arming import plan, waiting_of
from services.rules.model.engine import judge
from services.rules.model.rulebook import ready
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due

STATES = ("draft", "open", "pending", "done", "cancelled")
FIELDS = ("priority", "kind", "section", "partner", "subject", "deadline")

optional = {
    "section_id": st.integers(1, 3),
    "with_subsections": st.booleans(),
    "priority": st.sampled_from(["low", "high"]),
    "partner_id": st.integers(1, 2),
    "partner_category_id": st.integers(1, 3),
    "kind": st.sampled_from(["claim", "helpdesk"]),
    "subject_contains": st.sampled_from(["fire", "PRINTER"]),
}
criteria = st.fixed_dictionaries(
    {
        "state_from": st.sampled_from(["any", "any", "none", *STATES]),
        "state_to": st.sampled_from(["any", "any", *STATES]),
    },
    optional=optional,
)
cases = st.builds(
    snapshot,
    state=st.sampled_from(STATES),
    section=st.sampled_from([None, Ref(id=1, name="one"), Ref(id=2, name="two")]),
    section_path=st.sampled_from([(), (1,), (2, 1), (2, 3)]),
    priority=st.sampled_from(["low", "high"]),
    partner=st.sampled_from([None, Ref(id=1, name="one"), Ref(id=2, name="two")]),
    partner_categories=st.sets(st.integers(1, 3)).map(tuple),
    kind=st.sampled_from(["claim", "helpdesk"]),
    subject=st.sampled_from(["Fire!", "the printer burns", "hello"]),
    state_since=st.integers(0, 48).map(hours),
    last_action_at=st.integers(0, 48).map(hours),
    deadline=st.none() | st.integers(0, 96).map(hours),
)


@st.composite
def events(draw: st.DrawFn) -> CaseEvent:
    case = draw(cases)
    before = draw(st.sampled_from([None, *STATES]))
    fields = set(draw(st.sets(st.sampled_from(FIELDS))))
    fields |= {"state"} if before != case.state else set()
    changes = tuple(Change(field=field, before="b", after="a") for field in sorted(fields))
    cause = tuple(rule_link(id) for id in draw(st.lists(st.integers(1, 4), max_size=9)))
    kind: Any = draw(st.sampled_from(["rule", "user"]))
    return event(
        CaseUpdated, case, before, changes=changes, cause=cause, actor=Actor(kind=kind, id=1)
    )


def literally_holds(one: Rule, case: Any) -> bool:
    """All that is given must hold, one after the other."""
    c = one.criteria
    section = case.section.id if case.section else None
    partner = case.partner.id if case.partner else None
    tests = [
        c.section_id is None
        or (c.section_id in case.section_path if c.with_subsections else c.section_id == section),
        c.priority in (None, case.priority),
        c.partner_id in (None, partner),
        c.partner_category_id is None or c.partner_category_id in case.partner_categories,
        c.kind in (None, case.kind),
        c.subject_contains is None or c.subject_contains.lower() in case.subject.lower(),
    ]
    return all(tests)


def literally_for(one: Rule, happened: CaseEvent) -> bool:
    """docs/decisions/0006, sentence by sentence, for a rule on the change itself."""
    before, case, c = happened.data.state_before, happened.data.case, one.criteria
    if c.state_from == "none" and before is not None:
        return False
    if c.state_from not in ("any", "none") and before != c.state_from:
        return False
    if c.state_to not in ("any", case.state):
        return False
    if happened.cause and happened.cause[-1].id == str(one.id):
        return False
    named = {
        "section": c.section_id,
        "priority": c.priority,
        "partner": c.partner_id or c.partner_category_id,
        "kind": c.kind,
        "subject": c.subject_contains,
    }
    changed = {change.field for change in happened.data.changes}
    could = before != case.state or any(named.get(field) is not None for field in changed)
    if c.state_from == c.state_to and c.state_to != "any":
        could = could or bool(changed) or happened.actor.kind != "rule"
    return could and literally_holds(one, case)


@given(happened=events(), all_criteria=st.lists(criteria, min_size=1, max_size=4), data=st.data())
def test_A1_A4_the_engine_fires_what_the_text_says(
    happened: CaseEvent, all_criteria: list[dict[str, Any]], data: st.DataObject
) -> None:
    rules = [
        rule(
            id=id,
            order=data.draw(st.integers(1, 2)),
            stop=data.draw(st.booleans()),
            criteria=given_criteria,
        )
        for id, given_criteria in enumerate(all_criteria, 1)
    ]
    expected: list[int] = []
    for one in sorted(rules, key=lambda r: (r.order, r.id)):
        if literally_for(one, happened):
            expected.append(one.id)
            if one.stop:
                break
    judgement = judge(happened, book(*rules))
    too_long = len(happened.cause) >= 8
    told = judgement.stopped if too_long else judgement.fires
    silent = judgement.fires if too_long else judgement.stopped
    assert [judged.rule.id for judged in told] == expected
    assert (silent, judgement.broken) == ([], [])


triggers = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["creation", "last_action", "deadline", "state"]),
        "delay": st.integers(-48, 48),
        "unit": st.just("hours"),
    }
)


def literally_due(one: Rule, known: KnownCase) -> Any:
    """When the rule is due for the case, or None."""
    case, c = known.case, one.criteria
    if case.state in ("done", "cancelled") and c.state_to != case.state:
        return None
    if c.state_to not in ("any", case.state):
        return None
    if c.state_from not in ("any", c.state_to) and known.came_from != c.state_from:
        return None
    starts = {
        "creation": START,
        "last_action": case.last_action_at,
        "deadline": case.deadline,
        "state": case.state_since,
    }
    start = starts[one.trigger.date]
    if start is None or not literally_holds(one, case):
        return None
    return start + timedelta(hours=one.trigger.delay)


@given(
    known=st.builds(KnownCase, cases, st.sampled_from(["none", "unknown", *STATES])),
    given_criteria=criteria,
    trigger=triggers,
    there=st.none() | st.integers(0, 48).map(hours),
    is_settled=st.booleans(),
)
def test_A2_due_times_become_what_the_text_says(
    known: KnownCase,
    given_criteria: dict[str, Any],
    trigger: dict[str, Any],
    there: Any,
    is_settled: bool,
) -> None:
    timed = ready(rule(criteria=given_criteria, trigger=trigger))
    before = {(1, 101): Due(1, 101, "an old episode", there)} if there else {}

    class Settled:
        def __contains__(self, key: object) -> bool:
            return is_settled

    made = plan(waiting_of([(known, [timed])]), before, Settled())  # type: ignore[arg-type]
    after = {key: due.due_at for key, due in before.items() if key not in made.forget}
    after |= {(due.rule_id, due.case_number): due.due_at for due in made.wait}
    expected = None if is_settled else literally_due(timed.rule, known)
    assert after == ({} if expected is None else {(1, 101): expected})
