"""Who answers a case that nobody looks after takes it up."""

from __future__ import annotations

from typing import Any

from services.cases import directory
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.contracts.cases import CaseSnapshot, Ref
from services.contracts.directory import User
from services.messaging.transaction import Transaction


def take_up(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, state: str | None = None
) -> CaseSnapshot:
    """The case in `state`, else out of draft; its responsible is the writer if it had none.

    Without a responsible the partner's next mail would reach nobody.
    """
    values: dict[str, Any] = {}
    if state is not None:
        values["state"] = state
    elif case.state == "draft":
        values["state"] = "open"
    user_id = origin.actor.id if origin.actor.kind == "user" else None
    user = directory.find(transaction.connection, User, user_id)
    if case.responsible is None and user is not None and user.role != "read-only":
        values["responsible"] = Ref(id=user.id, name=user.name)
    return ledger.change(transaction, origin, case, values)
