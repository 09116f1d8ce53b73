"""What else a partner has with us, beside one of his cases."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.cases.sight import seen_by
from services.cases.tables import cases
from services.contracts.case_commands import PartnerCase
from services.contracts.cases import CLOSED, CaseSnapshot

SHOWN = 6
LOOKED_AT = 100  # of a partner with thousands of cases no page has to wait for more


def beside(
    connection: Connection, case: CaseSnapshot, asker_id: int | None
) -> tuple[PartnerCase, ...]:
    """Other cases of its partner that the user may see: not closed ones first, then the newest."""
    if case.partner is None:
        return ()
    t = cases
    statement = select(t.c.number, t.c.state).where(
        t.c.partner_id == case.partner.id, t.c.number != case.number, t.c.merged_into.is_(None)
    )
    seen = seen_by(connection, asker_id)
    if seen is not None:
        statement = statement.where(seen)
    newest = connection.execute(statement.order_by(t.c.number.desc()).limit(LOOKED_AT)).all()
    numbers = [row.number for row in sorted(newest, key=lambda row: row.state in CLOSED)][:SHOWN]
    if not numbers:
        return ()
    chosen = select(t.c.number, t.c.snapshot).where(t.c.number.in_(numbers))
    snapshots = {row.number: row.snapshot for row in connection.execute(chosen)}
    return tuple(PartnerCase.model_validate(_shown(snapshots[number])) for number in numbers)


def _shown(snapshot: dict[str, object]) -> dict[str, object]:
    return {name: snapshot[name] for name in PartnerCase.model_fields}
