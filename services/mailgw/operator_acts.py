"""What operators did with mails: all SQL that writes it."""

from __future__ import annotations

from sqlalchemy import Connection

from services.contracts.envelope import Actor
from services.mailgw.tables import operator_acts
from services.runtime.clock import now
from services.runtime.identity import new_id

MOST_NAME_CHARACTERS = 200


def keep(connection: Connection, mail_id: str, act: str, actor: Actor) -> None:
    """Keep that somebody did this with a mail that came in, or with one of the queue."""
    row = {
        "id": new_id(),
        "mail_id": mail_id,
        "at": now(),
        "act": act,
        "user_id": actor.id,
        "user_name": actor.name[:MOST_NAME_CHARACTERS],
    }
    connection.execute(operator_acts.insert(), row)
