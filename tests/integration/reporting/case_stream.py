"""Random streams of events about a few cases, and a report worked out the plain way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.contracts.cases import (
    CaseCreated,
    CaseData,
    CaseEvent,
    CaseSnapshot,
    CaseUpdated,
    Change,
    Priority,
    Ref,
    State,
)
from services.contracts.directory import (
    Partner,
    PartnerChanged,
    Section,
    SectionChanged,
    User,
    UserChanged,
)
from services.contracts.envelope import Envelope
from services.contracts.reports import Dimension
from services.runtime.identity import new_id

MOMENTS = st.datetimes(datetime(2025, 10, 1), datetime(2026, 4, 30), timezones=st.just(UTC))
MONEY = st.none() | st.decimals(min_value=-9_000, max_value=Decimal("9e13"), places=4)
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


@st.composite
def histories(draw: st.DrawFn, number: int) -> list[CaseEvent]:
    """The events of one case, in order."""
    created_at = draw(MOMENTS)
    events = []
    for version in range(1, draw(st.integers(1, 4)) + 1):
        state = draw(st.sampled_from(get_args(State)))
        delay = timedelta(seconds=draw(st.integers(0, 10_000_000)))
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
            priority=draw(st.sampled_from(get_args(Priority))),
            currency=draw(st.sampled_from(["EUR", "USD"])),
            estimated_revenue=draw(MONEY),
            estimated_cost=draw(MONEY),
            probability=draw(st.none() | st.integers(0, 100)),
            created_at=created_at,
            last_action_at=created_at,
            state_since=created_at,
            closed_at=created_at + delay if state in ("done", "cancelled") else None,
            custom=draw(CUSTOM_FIELDS),
        )
        events.append(event_of(case))
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


def event_of(case: CaseSnapshot) -> CaseEvent:
    kind = CaseCreated if case.version == 1 else CaseUpdated
    named = {name: getattr(case, name) for name in ("section", "category", "responsible")}
    named["partner"] = case.partner
    changes = [
        Change(field=name, after=ref.model_dump() if ref else None) for name, ref in named.items()
    ]
    changes.append(Change(field="custom", after=case.custom))
    return kind(
        id=new_id(),
        occurred_at=case.created_at,
        case_id=case.number,
        version=case.version,
        data=CaseData(case=case, changes=tuple(changes)),
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
    return [
        *(UserChanged(id=new_id(), occurred_at=at, data=user) for user in users),
        *(SectionChanged(id=new_id(), occurred_at=at, data=one) for one in sections),
        PartnerChanged(id=new_id(), occurred_at=at, data=partner),
    ]


NAMES = {
    ("user", 1): "Ann 2",
    ("section", 2): "Support",
    ("section", 3): "Engineers",
    ("partner", 2): "Agrolait",
}


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


def text_of(dimension: Dimension | str, case: CaseSnapshot, zone: str) -> str:
    if dimension.startswith("custom."):
        value = case.custom.get(dimension.removeprefix("custom."), "")
        return (
            NAMES.get(("user", value["id"]), value["name"])
            if isinstance(value, dict)
            else str(value)
        )
    if dimension == "month":
        return case.created_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m")
    if dimension in ("user", "section", "category", "partner"):
        ref = getattr(case, "responsible" if dimension == "user" else dimension)
        return NAMES.get((dimension, ref.id), ref.name) if ref else ""
    return str(getattr(case, dimension))


def plain_report(
    cases: Sequence[CaseSnapshot],
    by: Sequence[Dimension | str],
    zone: str = "UTC",
    wanted: Callable[[CaseSnapshot], bool] = lambda _: True,
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """By what it is cut by and the currency: count, closed, average hours, three sums."""
    groups: dict[tuple[str, ...], list[CaseSnapshot]] = defaultdict(list)
    for case in filter(wanted, cases):
        groups[(*(text_of(d, case, zone) for d in by), case.currency)].append(case)
    return {key: _sums(group) for key, group in groups.items()}


def _sums(cases: Sequence[CaseSnapshot]) -> tuple[Any, ...]:
    delays = [case.closed_at - case.created_at for case in cases if case.closed_at]
    revenue = [(case.estimated_revenue or 0, case.probability or 0) for case in cases]
    hours = sum(delay.total_seconds() for delay in delays) / 3600
    return (
        len(cases),
        len(delays),
        round(hours / len(delays), 6) if delays else None,
        sum((Decimal(one) for one, _ in revenue), Decimal(0)),
        sum((Decimal(case.estimated_cost or 0) for case in cases), Decimal(0)),
        sum((Decimal(one) * probability / 100 for one, probability in revenue), Decimal(0)),
    )
