"""Random streams of events about a few cases, and a report worked out the plain way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from services.contracts.cases import (
    CLOSED,
    CaseCreated,
    CaseData,
    CaseEvent,
    CaseSnapshot,
    CaseUpdated,
    Change,
    MessageAdded,
    Priority,
    Ref,
    State,
)
from services.contracts.directory import (
    Category,
    CategoryChanged,
    Partner,
    PartnerChanged,
    Section,
    SectionChanged,
    User,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.runtime.identity import new_id

MOMENTS = st.datetimes(datetime(2025, 10, 1), datetime(2026, 4, 30), timezones=st.just(UTC))
MONEY = st.none() | st.decimals(min_value=-9_000, max_value=Decimal("9e13"), places=4)
SECONDS = st.integers(0, 10_000_000)
DIRECTIONS: tuple[Literal["in", "out", "internal"], ...] = ("in", "out", "internal")
MESSAGES = st.none() | st.sampled_from(DIRECTIONS).map(
    lambda way: MessageAdded(message_number=1, kind="mail", direction=way, author="Ann")
)
CUSTOM_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from(["A-1", "a-1", "3", "@3", "#1", "NaN", "null"]),
        "weight": st.sampled_from([3, 12.5, -0.000001, 123456789012345, 0.1]),
        "expert": st.integers(1, 3).map(lambda id: {"id": id, "name": f"user {id}"}),
    },
)


def refs(what: str) -> st.SearchStrategy[Ref | None]:
    return st.none() | st.integers(1, 3).map(lambda id: Ref(id=id, name=f"{what} {id}"))


def later(moment: datetime) -> st.SearchStrategy[datetime | None]:
    return st.none() | SECONDS.map(lambda count: moment + timedelta(seconds=count))


@st.composite
def histories(draw: st.DrawFn, number: int) -> list[CaseEvent]:
    """The events of one case, in order."""
    created_at = occurred_at = draw(MOMENTS)
    before: State | None = None
    events = []
    for version in range(1, draw(st.integers(1, 4)) + 1):
        state = draw(st.sampled_from(get_args(State)))
        delay = timedelta(seconds=draw(st.integers(0, 10_000_000)))
        occurred_at += timedelta(seconds=draw(st.integers(0, 1_000_000)))
        case = CaseSnapshot(
            number=number,
            version=version,
            subject="A subject",
            state=state,
            kind=draw(st.sampled_from(["helpdesk", "claim"])),
            section=draw(refs("section")),
            category=draw(refs("category")),
            responsible=draw(refs("user")),
            partner=draw(refs("partner")),
            partner_categories=draw(st.lists(st.integers(5, 7), max_size=2).map(tuple)),
            priority=draw(st.sampled_from(get_args(Priority))),
            merged_into=draw(st.sampled_from([None] * 5 + [999])) if state in CLOSED else None,
            currency=draw(st.sampled_from(["EUR", "USD"])),
            estimated_revenue=draw(MONEY),
            estimated_cost=draw(MONEY),
            probability=draw(st.none() | st.integers(0, 100)),
            created_at=created_at,
            last_action_at=created_at,
            state_since=created_at,
            closed_at=created_at + delay if state in ("done", "cancelled") else None,
            deadline=draw(later(created_at)),
            response_deadline=draw(later(created_at)),
            responded_at=draw(later(created_at)),
            custom=draw(CUSTOM_FIELDS),
        )
        message = draw(MESSAGES)
        event = event_of(case, state_before=before, message=message, occurred_at=occurred_at)
        events.append(event)
        before = state
    return events


def a_case(number: int, **fields: Any) -> CaseSnapshot:
    """An open case of 14 July 2026 at noon, with these fields."""
    noon = datetime(2026, 7, 14, 12, tzinfo=UTC)
    beginning = {
        "version": 1,
        "subject": "A subject",
        "state": "open",
        "kind": "helpdesk",
        "created_at": noon,
        "last_action_at": noon,
        "state_since": noon,
    }
    return CaseSnapshot(number=number, **(beginning | fields))


def event_of(case: CaseSnapshot, **more: Any) -> CaseEvent:
    """An event that left the case so; `more` are `occurred_at`, and fields of its data."""
    kind = CaseCreated if case.version == 1 else CaseUpdated
    named = {name: getattr(case, name) for name in ("section", "category", "responsible")}
    named["partner"] = case.partner
    changes = [
        Change(field=name, after=ref.model_dump() if ref else None) for name, ref in named.items()
    ]
    changes.append(Change(field="custom", after=case.custom))
    return kind(
        id=new_id(),
        occurred_at=more.pop("occurred_at", case.created_at),
        case_id=case.number,
        version=case.version,
        data=CaseData(case=case, changes=tuple(changes), **more),
    )


def directory_events() -> list[Envelope]:
    """User 1 is renamed; section 3 lies below section 2; the rest goes by what cases say."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    users = [User(id=1, login="ann", name=f"Ann {v}", version=v) for v in (1, 2)]
    sections = [
        Section(id=2, name="Support"),
        Section(id=3, name="Technical", parent_id=1),
        Section(id=3, name="Engineers", parent_id=2, version=2),
    ]
    partner = Partner(id=2, name="Agrolait")
    gold = Category(id=5, name="Gold", path="Support Contract / Gold", tree="partner_category")
    return [
        *(UserChanged(id=new_id(), occurred_at=at, data=user) for user in users),
        *(SectionChanged(id=new_id(), occurred_at=at, data=one) for one in sections),
        PartnerChanged(id=new_id(), occurred_at=at, data=partner),
        CategoryChanged(id=new_id(), occurred_at=at, data=gold),
    ]


def streams() -> st.SearchStrategy[list[CaseEvent]]:
    """All events of up to six cases, each case's in order."""
    numbers = st.integers(0, 6).map(lambda count: range(101, 101 + count))
    cases = numbers.flatmap(lambda all: st.tuples(*(histories(number) for number in all)))
    return cases.map(lambda lists: [event for events in lists for event in events])


@st.composite
def disordered(draw: st.DrawFn, events: Sequence[Envelope]) -> list[list[Envelope]]:
    """The same events, some of them twice, in any order, in batches of any size."""
    again = draw(st.lists(st.sampled_from(list(events)), max_size=5)) if events else []
    shuffled = draw(st.permutations([*events, *again]))
    size = draw(st.integers(1, len(shuffled))) if shuffled else 1
    return [list(shuffled[i : i + size]) for i in range(0, len(shuffled), size)]


def final_cases(events: Sequence[CaseEvent]) -> list[CaseSnapshot]:
    """Each case as its newest event tells of it."""
    last = {event.case_id: event.data.case for event in sorted(events, key=lambda e: e.version)}
    return list(last.values())
