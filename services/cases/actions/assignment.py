"""When a case gets a new responsible, he is told everything."""

from __future__ import annotations

from services.cases.actions.discussion_mails import pass_on_discussion
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import responsible_address
from services.contracts.cases import CaseSnapshot
from services.messaging.transaction import Transaction


def tell_new_responsible(
    transaction: Transaction, origin: Origin, before: CaseSnapshot | None, after: CaseSnapshot
) -> None:
    """Pass the discussion on to a responsible who was none before and did not take it himself."""
    if after.responsible is None or (before and before.responsible == after.responsible):
        return
    if origin.actor.kind == "user" and origin.actor.id == after.responsible.id:
        return
    address = responsible_address(transaction, after)
    if address is not None:
        pass_on_discussion(transaction, origin, after, [address], lambda words: words.yours_now)
