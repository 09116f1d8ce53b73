"""An operator has a mail looked into once more: again, let in, or made a case of."""

from __future__ import annotations

from sqlalchemy import select, update

from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.mail_lists import MailAct
from services.mailgw import operator_acts
from services.mailgw.model.mail_acts import possible_acts
from services.mailgw.tables import raw_mails
from services.messaging.transaction import Transactions

_REFUSALS: dict[MailAct, str] = {
    "again": "it is not in quarantine for being unreadable",
    "let_in": "it is not held back by a filter",
    "make_case": "it is not set aside",
}


def act_on_mail(transactions: Transactions, mail_id: str, act: MailAct, actor: Actor) -> None:
    """Store the mail anew, with what was decided; it is kept who did so.

    Raises NotFound, and InvalidRequest when the act is not open for the mail (any more).
    """
    t = raw_mails
    with transactions.database.write() as connection:
        columns = (t.c.status, t.c.filed, t.c.verdicts, t.c.dropped_at)
        question = select(*columns).where(t.c.id == mail_id)
        row = connection.execute(question.with_for_update()).first()
        if row is None:
            raise NotFound("mail", mail_id)
        if row.dropped_at is not None:
            raise InvalidRequest("act", "its original is not kept any more")
        if act not in possible_acts(row.status, row.filed, bool(row.verdicts)):
            raise InvalidRequest("act", f"{_REFUSALS[act]}; look at it again")
        fresh = {"status": "stored", "why": "", "attempts": 0, "filed": None, "filed_why": None}
        if act != "again":
            fresh["by_hand"] = act
        connection.execute(update(t).where(t.c.id == mail_id).values(fresh))
        operator_acts.keep(connection, mail_id, act, actor)
