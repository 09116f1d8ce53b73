"""Somebody opens a case by hand."""

from __future__ import annotations

from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.command_origin import command_origin
from services.cases.actions.values import first_section, resolve, section_values
from services.cases.model.kinds import DEFAULT_KIND
from services.contracts.case_commands import CreateCase
from services.contracts.cases import CLOSED, CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction


def open_case(transaction: Transaction, command: CreateCase) -> CaseSnapshot:
    """The new case. Raises InvalidRequest without a subject or for what names nothing."""
    fields = command.fields
    if not (fields.subject or "").strip():
        raise InvalidRequest("subject", "say in a few words what the case is about")
    origin = command_origin(transaction.connection, command)
    values = resolve(transaction.connection, fields)
    if "section_id" not in fields.model_fields_set:
        values |= section_values(transaction.connection, first_section(transaction.connection))
    case = CaseSnapshot(
        number=0,
        version=0,
        state=command.state,
        created_at=origin.at,
        last_action_at=origin.at,
        state_since=origin.at,
        closed_at=origin.at if command.state in CLOSED else None,
        **{"kind": DEFAULT_KIND, **values},
    )
    case = ledger.create(transaction, origin, case, fields.description or "")
    tell_new_responsible(transaction, origin, None, case)
    return case
