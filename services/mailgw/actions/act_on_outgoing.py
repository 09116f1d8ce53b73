"""An operator has an outgoing mail tried again at once, or given up."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy import RowMapping, select, update

from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.mail import MailSend
from services.contracts.mail_lists import OutgoingAct
from services.mailgw import operator_acts
from services.mailgw.outgoing.headers import wire_address
from services.mailgw.outgoing.outcomes import bounced
from services.mailgw.outgoing_list import unreached
from services.mailgw.tables import outgoing
from services.messaging.transaction import Transaction, Transactions
from services.runtime.clock import now


def act_on_outgoing(
    transactions: Transactions, mail_id: str, act: OutgoingAct, actor: Actor
) -> None:
    """Do it, and keep who did; a mail given up is told of to its case.

    Raises NotFound, and InvalidRequest when the act is not open for the mail (any more).
    """
    t = outgoing
    with transactions.begin() as transaction:
        question = select(t).where(t.c.id == mail_id).with_for_update()
        row = transaction.connection.execute(question).mappings().first()
        if row is None:
            raise NotFound("outgoing mail", mail_id)
        if row["status"] == "sending":
            raise InvalidRequest("act", "it is being sent just now; look at it again in a moment")
        if row["status"] == "sent":
            raise InvalidRequest("act", "it has been sent")
        changed = _try_again(row) if act == "again" else _give_up(transaction, row, actor)
        transaction.connection.execute(update(t).where(t.c.id == mail_id).values(changed))
        operator_acts.keep(transaction.connection, mail_id, act, actor)


def _try_again(row: RowMapping) -> dict[str, Any]:
    """Due now; one that was given up begins anew, for those whom it did not reach."""
    changed: dict[str, Any] = {"next_attempt_at": now()}
    if row["status"] != "failed":
        return changed
    data = _order(row).data
    wires = [wire for one in (*data.to, *data.cc) if (wire := wire_address(one.address))]
    if not wires:
        raise InvalidRequest("act", "it has no recipient that is a mail address")
    remaining = unreached(list(dict.fromkeys(wires)), row["why"])
    return changed | {"status": "queued", "attempts": 0, "remaining": remaining, "why": ""}


def _give_up(transaction: Transaction, row: RowMapping, actor: Actor) -> dict[str, Any]:
    if row["status"] == "failed":
        raise InvalidRequest("act", "it has been given up")
    order = _order(row)
    because = f"given up by {actor.name or 'an operator'}"
    why = "; ".join(f"{address}: {because}" for address in row["remaining"])
    if row["why"]:
        why = f"{why} ({row['why']})"
    transaction.publish(bounced(order, row["remaining"], why))
    return {"status": "failed", "why": why}


def _order(row: RowMapping) -> MailSend:
    try:
        return MailSend.model_validate_json(row["payload"])
    except ValidationError as error:
        raise InvalidRequest("act", "its order cannot be read; nothing can be done") from error
