"""Where the reporting service keeps what is known of a person: nothing that is counted.

Names of partners follow the events of the cases service.
"""

from __future__ import annotations

from services.messaging.erasing import Kept, outbox_of
from services.reporting import tables

KEPT: tuple[Kept, ...] = (
    Kept(tables.facts, ("custom",), case="number"),
    Kept(tables.names, ("name",)),
    Kept(tables.grade_changes, ("reason",)),
    Kept(tables.answers, ("answer",)),
    outbox_of(tables.outbox),
)
