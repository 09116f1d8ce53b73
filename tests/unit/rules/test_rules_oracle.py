"""The engine against rules read slowly and literally, on whatever hypothesis thinks up."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.rules.rules_builders import (
    NAMES,
    START,
    book,
    event,
    hours,
    rule,
    rule_link,
    snapshot,
)
from unit.rules.rules_naive import Naive, is_for

from services.contracts.cases import CaseEvent, CaseUpdated, Change, Ref
from services.contracts.envelope import Actor
from services.rules.model.arming import plan, waiting_of
from services.rules.model.engine import judge
from services.rules.model.rulebook import rulebook
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due

STATES = ("draft", "open", "pending", "done", "cancelled")
FIELDS = ("priority", "kind", "section", "partner", "subject", "deadline", "tags", "category")

optional = {
    "section_id": st.integers(1, 3),
    "with_subsections": st.booleans(),
    "priority": st.sampled_from(["low", "high"]),
    "partner_id": st.integers(1, 2),
    "partner_category_id": st.integers(1, 3),
    "kind": st.sampled_from(["claim", "helpdesk"]),
    "subject_contains": st.sampled_from(["fire", "PRINTER", "o"]),
    "category_id": st.integers(1, 2),
    "responsible_id": st.integers(1, 2),
    "tag": st.sampled_from(["vip", "VIP", "urgent"]),
    "custom": st.dictionaries(
        st.sampled_from(["serial", "pages"]), st.sampled_from(["x-1", "X-2", 12, 12.5]), max_size=2
    ),
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
    response_deadline=st.none() | st.integers(0, 96).map(hours),
    responded_at=st.none() | st.just(START),
    start=st.none() | st.integers(0, 96).map(hours),
    category=st.sampled_from([None, Ref(id=1, name="one"), Ref(id=2, name="two")]),
    responsible=st.sampled_from([None, Ref(id=1, name="one"), Ref(id=2, name="two")]),
    tags=st.sampled_from([(), ("vip",), ("urgent", "vip")]),
    custom=st.sampled_from([{}, {"serial": "X-1"}, {"serial": "x-2", "pages": 12.5}]),
    merged_into=st.sampled_from([None] * 9 + [7]),
)


@st.composite
def events(draw: st.DrawFn) -> CaseEvent:
    case = draw(cases)
    before = draw(st.sampled_from([None, *STATES]))
    fields = set(draw(st.sets(st.sampled_from(FIELDS))))
    fields |= {"state"} if before != case.state else set()
    changes = [Change(field=field, before="b", after="a") for field in sorted(fields)]
    if draw(st.booleans()):
        before_it = draw(st.sampled_from([{}, {"serial": "x-2"}, {"pages": 12.5}]))
        changes.append(Change(field="custom", before=before_it, after=case.custom))
    cause = tuple(rule_link(id) for id in draw(st.lists(st.integers(1, 4), max_size=9)))
    kind: Any = draw(st.sampled_from(["rule", "user"]))
    return event(
        CaseUpdated, case, before, changes=tuple(changes), cause=cause, actor=Actor(kind=kind, id=1)
    )


@settings(max_examples=300, deadline=None)
@given(happened=events(), all_criteria=st.lists(criteria, min_size=1, max_size=12), data=st.data())
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
    judged_at_all = happened.data.case.merged_into is None
    for one in sorted(rules, key=lambda r: (r.order, r.id)) if judged_at_all else ():
        if is_for(one, happened):
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
        "date": st.sampled_from(
            ["creation", "last_action", "deadline", "response_deadline", "start", "state"]
        ),
        "delay": st.integers(-48, 48),
        "unit": st.just("hours"),
    }
)


@settings(max_examples=300, deadline=None)
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
    one = rule(criteria=given_criteria, trigger=trigger)
    literally = Naive({}, {1: one}, {101: known.case}, {101: known.came_from})
    before = {(1, 101): Due(1, 101, "an old episode", there)} if there else {}

    class Settled:
        def __contains__(self, key: object) -> bool:
            return is_settled

    timed = rulebook(1, [one], NAMES).for_waiting(known)
    made = plan(waiting_of([(known, timed)]), before, Settled())  # type: ignore[arg-type]
    after = {key: due.due_at for key, due in before.items() if key not in made.forget}
    after |= {(due.rule_id, due.case_number): due.due_at for due in made.wait}
    expected = None if is_settled else literally.due(one, 101)
    assert after == ({} if expected is None else {(1, 101): expected})
