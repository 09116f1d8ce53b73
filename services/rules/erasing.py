"""Where the rules service keeps what is known of a person.

A rule that names him is left to whoever looks after rules: it would act otherwise than it says.
"""

from __future__ import annotations

from services.messaging.erasing import Kept, outbox_of
from services.rules import tables

KEPT: tuple[Kept, ...] = (
    Kept(tables.known_cases, ("snapshot",), case="case_number"),
    Kept(tables.past_events, ("body",), case="case_number"),
    Kept(tables.firings, ("why", "cause", "refused"), case="case_number"),
    Kept(tables.rule_failures, ("error",), case="case_number"),
    Kept(tables.history, ("changes",)),
    Kept(tables.answers, ("answer",)),
    outbox_of(tables.outbox),
)
