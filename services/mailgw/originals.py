"""Originals of mails that are old and settled: all SQL about dropping them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from services.mailgw.tables import kept_parts, raw_contents, raw_mails


@dataclass(frozen=True)
class KeptPart:
    """An attachment of an original that was dropped: its bytes are in the file store."""

    part: int
    sha256: str
    filename: str
    content_type: str


t = raw_mails
# Nobody will look into these again: what could not be read, or was held back, is not among them,
# nor what the cases service has not answered for.
_SETTLED = or_(t.c.status == "own", and_(t.c.status == "published", t.c.filed.is_not(None)))


def settled_before(connection: Connection, moment: datetime, limit: int) -> list[str]:
    """The ids of the oldest settled mails from before `moment` whose originals are there."""
    question = select(t.c.id).where(t.c.received_at < moment, t.c.dropped_at.is_(None), _SETTLED)
    return list(connection.scalars(question.order_by(t.c.received_at).limit(limit)))


def drop(connection: Connection, mail_id: str, parts: Sequence[KeptPart], moment: datetime) -> bool:
    """Drop an original, and remember its attachments; False where it is not settled any more."""
    change = update(t).where(t.c.id == mail_id, t.c.dropped_at.is_(None), _SETTLED)
    if not connection.execute(change.values(dropped_at=moment)).rowcount:
        return False
    connection.execute(delete(raw_contents).where(raw_contents.c.mail_id == mail_id))
    if parts:
        rows = [{"mail_id": mail_id, **vars(part)} for part in parts]
        connection.execute(insert(kept_parts), rows)
    return True


def kept_parts_of(connection: Connection, mail_id: str) -> dict[int, KeptPart]:
    """The attachments of an original that was dropped, by the number of their part."""
    k = kept_parts
    question = select(k.c.part, k.c.sha256, k.c.filename, k.c.content_type)
    rows = connection.execute(question.where(k.c.mail_id == mail_id))
    return {row.part: KeptPart(*row) for row in rows}
