"""What the state machine of cases gives to commands, mails and rules; some is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from services.contracts import rules

STATES = ("draft", "open", "pending", "done", "cancelled")
PRIORITIES = ("lowest", "low", "normal", "high", "highest")
# Numbers of the small company in the machine; 99 is nobody's.
USERS, SECTIONS, CATEGORIES = (1, 2, 3, 4, 99), (1, 2, 3, 99), (1, 2, 99)
ANN, TOM, STRANGER = "ann@blue.example", "tom@red.example", "who@knows.example"
EVE, BOB, WATCHER = "eve@ours.example", "bob@ours.example", "wim@watch.example"
ADDRESSES = (ANN, TOM, STRANGER, EVE, BOB, WATCHER)
MOMENTS = ("2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+05:00", "2031-01-01T00:00:00+00:00")

state = st.sampled_from(STATES)
tags = st.lists(st.sampled_from(["vip", "hot", "Later"]), max_size=3).map(tuple)
address = st.sampled_from(ADDRESSES)
watchers = st.lists(
    st.fixed_dictionaries(
        {"address": address}, optional={"name": st.just("Wim"), "side": st.just("staff")}
    ),
    max_size=3,
)
moment = st.none() | st.sampled_from(MOMENTS)
amount = st.none() | st.sampled_from(["0", "12.50", "12.5000", "-3"])
FIELDS_OF_CLAIM = [
    {"code": "serial", "name": "Serial number"},
    {"code": "weight", "name": "Weight", "type": "number"},
    {"code": "bought", "name": "Bought", "type": "date"},
    {"code": "colour_of_label", "name": "Label", "type": "choice", "choices": ["red", "blue"]},
    {"code": "checked_by", "name": "Checked by", "type": "person"},
]
quality = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["corrective", "preventive", "corrective", "other"]),
        "text": st.sampled_from(["Change the seal", "Ask them", "Count again", ""]),
        "owner_id": st.sampled_from([None, 1, 2, 3, 4, 99]),
        "due": st.sampled_from([None, "2026-04-01", "2026-05-01", "soon"]),
        "done": st.booleans(),
    },
)
WRONG: dict[str, Any] = {
    "subject": "",
    "kind": "nonsense",
    "section_id": 99,
    "category_id": 99,
    "responsible_id": 99,
    "priority": "urgent",
    "partner_id": 99,
    "contact_address": "nobody",
    "currency": "",
    "estimated_cost": "much",
    "probability": 101,
    "deadline": "2026-03-02T09:00:00",
    "tags": ["a, b"],
    "custom": {"weight": "heavy"},
}
_custom = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from(["A-1", "", None]),
        "weight": st.sampled_from([3, "2.50", None]),
        "bought": st.sampled_from(["2026-01-31", None]),
        "colour_of_label": st.sampled_from(["red", "blue", None]),
        "checked_by": st.sampled_from([2, None]),
    },
)
_RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "subject": st.sampled_from(["Printer", "Printer on fire", "Réf. 7"]),
    "description": st.sampled_from(["It burns.", "", "It burns\nvery much."]),
    "kind": st.sampled_from(["helpdesk", "claim", "quality"]),
    "section_id": st.sampled_from([None, 1, 2, 3]),
    "category_id": st.sampled_from([None, 1, 2]),
    "responsible_id": st.sampled_from([None, 1, 2, 3, 4]),
    "priority": st.sampled_from(PRIORITIES),
    "partner_id": st.sampled_from([None, 1, 2]),
    "contact_address": st.none() | address,
    "watchers": st.none() | watchers,
    "currency": st.sampled_from(["EUR", "USD"]),
    "estimated_revenue": amount,
    "estimated_cost": amount,
    "probability": st.sampled_from([None, 0, 50]),
    "deadline": moment,
    "response_deadline": moment,
    "start": moment,
    "duration_minutes": st.sampled_from([None, 0, 30]),
    "tags": st.none() | tags,
    "custom": st.none() | _custom,
}


@st.composite
def some_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A few fields of a case; one time in ten one of them is wrong."""
    names = draw(st.lists(st.sampled_from(sorted(_RIGHT)), max_size=4, unique=True))
    found = {name: draw(_RIGHT[name]) for name in names}
    if draw(st.integers(0, 9)) == 9:
        wrong = draw(st.sampled_from(sorted(WRONG)))
        found[wrong] = WRONG[wrong]
    return found


fields = some_fields()


def _actions() -> st.SearchStrategy[Any]:
    some = st.sampled_from
    return st.one_of(
        st.builds(rules.SetState, state=state),
        st.builds(rules.MoveToSection, section_id=some(SECTIONS)),
        st.builds(rules.Assign, to=some(["manager", "stand_in", "round_robin", "least_loaded"])),
        st.builds(rules.Assign, to=st.just("user"), user_id=some(USERS)),
        st.builds(rules.SetPriority, priority=some(PRIORITIES)),
        st.builds(rules.SetCategory, category_id=some(CATEGORIES)),
        st.builds(
            rules.Remind, whom=some(["responsible", "partner"]), with_discussion=st.booleans()
        ),
        st.builds(rules.AddWatchers, addresses=st.lists(address, min_size=1).map(tuple)),
        st.builds(
            rules.SendTemplate,
            whom=some(["responsible", "partner", "watchers"]),
            subject=some(["Case {{ case.number }}", "{{ case.nothing }}"]),
            text=some(["{{ case.subject }} is {{ case.state }}", "{{ case.deadline }}"]),
        ),
        st.builds(rules.AddNote, text=some(["Call them", "Look here"])),
        st.builds(rules.Escalate),
        st.builds(rules.AddTags, tags=tags),
        st.builds(
            rules.SetDeadline,
            which=some(["response", "resolution"]),
            moment=some(MOMENTS).map(datetime.fromisoformat),
        ),
    )


actions = st.lists(_actions(), min_size=1, max_size=4)
