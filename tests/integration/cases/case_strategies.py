"""What the state machine of cases gives to commands, mails and rules; some of it is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from services.contracts import rules

STATES = ("draft", "open", "pending", "done", "cancelled")
PRIORITIES = ("lowest", "low", "normal", "high", "highest")
# Numbers of the small company in the machine; 99 is nobody's.
USERS, SECTIONS, PARTNERS, CATEGORIES = (1, 2, 3, 4, 99), (1, 2, 3, 99), (1, 2, 99), (1, 2, 99)
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
# The fields of a claim in the machine; some values do not fit, and `colour` is none of them.
custom = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from(["A-1", "", None]),
        "weight": st.sampled_from([3, "2.50", "much", None]),
        "bought": st.sampled_from(["2026-01-31", "yesterday", None]),
        "colour_of_label": st.sampled_from(["red", "blue", "pink", None]),
        "checked_by": st.sampled_from([2, 99, None]),
        "colour": st.just("red"),
    },
)
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
        "type": st.sampled_from(["corrective", "preventive", "other"]),
        "text": st.sampled_from(["Change the seal", ""]),
        "owner_id": st.none() | st.sampled_from(USERS),
        "due": st.none() | st.sampled_from(["2026-04-01", "soon"]),
        "done": st.booleans(),
    },
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["Printer", "Printer on fire", "Réf. 7", ""]),
        "description": st.sampled_from(["It burns.", "", "It burns\nvery much."]),
        "kind": st.sampled_from(["helpdesk", "claim", "quality", "nonsense"]),
        "section_id": st.none() | st.sampled_from(SECTIONS),
        "category_id": st.none() | st.sampled_from(CATEGORIES),
        "responsible_id": st.none() | st.sampled_from(USERS),
        "priority": st.sampled_from(PRIORITIES),
        "partner_id": st.none() | st.sampled_from(PARTNERS),
        "contact_address": st.none() | address | st.just("nobody"),
        "watchers": st.none() | watchers,
        "currency": st.sampled_from(["EUR", "USD", ""]),
        "estimated_revenue": amount,
        "estimated_cost": amount,
        "probability": st.none() | st.sampled_from([0, 50, 101]),
        "deadline": moment,
        "response_deadline": moment,
        "start": moment,
        "duration_minutes": st.none() | st.sampled_from([0, 30]),
        "tags": st.none() | tags,
        "custom": st.none() | custom,
    },
)


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
