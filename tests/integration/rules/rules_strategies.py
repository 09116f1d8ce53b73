"""What the state machine of rules is given: cases as they change, rules as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from unit.rules.rules_builders import DEMO

MOVES = {
    "draft": ("open", "pending", "done", "cancelled"),
    "open": ("pending", "done", "cancelled"),
    "pending": ("open", "done", "cancelled"),
    "done": ("open",),
    "cancelled": ("open", "draft"),
}
NO_DATE = {"date": "none", "delay": 0}
FROM_TO = [
    ("any", "any"),
    ("open", "open"),
    ("any", "open"),
    ("any", "pending"),
    ("none", "any"),
    ("none", "draft"),
    ("draft", "open"),
    ("pending", "open"),
    ("open", "pending"),
    ("any", "done"),
    ("done", "done"),
    ("cancelled", "any"),
]


@dataclass(frozen=True)
class When:
    """Whether an event is late, how long nothing happens behind it, and whether that is swept."""

    late: bool
    minutes: int
    swept: bool


@st.composite
def few(draw: st.DrawFn, some: dict[str, st.SearchStrategy[Any]], *, most: int) -> dict[str, Any]:
    """Values for at most so many of these names."""
    names = draw(st.lists(st.sampled_from(sorted(some)), max_size=most, unique=True))
    return {name: draw(some[name]) for name in names}


pick = st.integers(0, 30)
either = st.integers(0, 1)
state = st.sampled_from(["open", "draft", "pending", "done", "cancelled"])
minutes = st.sampled_from([60, 61, 0, 59, 60 * 7, 60 * 24, 60 * 24 * 31])
when = st.builds(
    When,
    late=st.integers(0, 3).map(lambda drawn: drawn == 3),
    minutes=minutes,
    swept=st.integers(0, 2).map(lambda drawn: drawn < 2),
)
hour = st.sampled_from([None, 0, 1, 2, 5, 24, 80])  # hours behind the beginning
others = few(
    {
        "priority": st.just("high"),
        "kind": st.just("claim"),
        "responsible_id": st.just(DEMO.id),
        "tag": st.just("vip"),
        "subject_contains": st.just("FIRE"),
    },
    most=1,
)
criteria = st.builds(
    lambda states, more: {"state_from": states[0], "state_to": states[1], **more},
    st.sampled_from(FROM_TO),
    others,
)
triggers = st.fixed_dictionaries(
    {
        "date": st.sampled_from(
            ["creation", "last_action", "deadline", "response_deadline", "state", "start"]
        ),
        "delay": st.sampled_from([1, 0, 2, 3, 24, -1, -2]),
        "unit": st.sampled_from(["hours", "hours", "hours", "minutes", "days", "months"]),
    }
)
rule_changes = few(
    {"criteria": criteria, "trigger": triggers | st.just(NO_DATE), "active": st.booleans()}, most=2
)
case_changes = few(
    {
        "priority": st.sampled_from(["normal", "high"]),
        "kind": st.sampled_from(["helpdesk", "claim"]),
        "responsible": st.sampled_from([None, DEMO]),
        "tags": st.sampled_from([(), ("vip",)]),
        "subject": st.sampled_from(["Hello", "A fire!"]),
        "deadline": hour,
        "response_deadline": hour,
        "responded_at": hour,
        "start": hour,
    },
    most=3,
)
