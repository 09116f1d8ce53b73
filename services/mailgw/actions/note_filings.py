"""Keep where the cases service put mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, or_, update

from services.contracts.envelope import Envelope
from services.contracts.filing import MailFiled
from services.mailgw.tables import raw_mails
from services.messaging.transaction import Transactions

_AGAIN = "again"


t = raw_mails
_PLACE: dict[str, BindParameter[Any]] = {
    "filed": bindparam("how"),
    "filed_why": bindparam("told"),
    "case_number": bindparam("case"),
    "message_number": bindparam("entry"),
}
_IS_NEWER = or_(t.c.filed_at.is_(None), t.c.filed_at < bindparam("moment"))
_IT = t.c.id == bindparam("mail")
_NOTE = update(t).where(_IT, _IS_NEWER).values(**_PLACE, filed_at=bindparam("moment"))
# Without its moment: that it came before never hides where the mail is, told earlier or later.
_NOTE_AGAIN = update(t).where(_IT, _IS_NEWER, t.c.filed.is_(None)).values(_PLACE)


def note_filings(
    transactions: Transactions, messages: Sequence[Envelope], *, durable: bool = True
) -> None:
    """Keep what the `mail.filed` among these messages tell, in one commit.

    The same one again, an older one behind a newer one, and one of an unknown mail change
    nothing. What is not `durable` is so with the next durable commit of this database.
    """
    filings = [message for message in messages if isinstance(message, MailFiled)]
    if filings:
        with transactions.database.write(durable=durable) as connection:
            _note(connection, filings)


def _note(connection: Connection, filings: Sequence[MailFiled]) -> None:
    rows = [_row(filing) for filing in filings]
    for statement, given in (
        (_NOTE, [row for row in rows if row["how"] != _AGAIN]),
        (_NOTE_AGAIN, [row for row in rows if row["how"] == _AGAIN]),
    ):
        if given:
            connection.execute(statement, given)


def _row(filing: MailFiled) -> dict[str, Any]:
    data = filing.data
    return {
        "mail": data.mail_id,
        "how": data.how,
        "told": data.why,
        "case": data.case_number,
        "entry": data.message_number,
        "moment": filing.occurred_at,
    }
