"""Somebody changes a case by hand: its fields, its state, or the section it is in."""

from __future__ import annotations

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.command_origin import command_origin
from services.cases.actions.merged import refuse_merged
from services.cases.actions.obey_rule import escalation_values
from services.cases.actions.values import resolve
from services.cases.errors import ActionFailed
from services.contracts.case_commands import ChangeCase, EscalateCase, MoveCase
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest, StaleVersion
from services.messaging.transaction import Transaction


def change_case(transaction: Transaction, command: ChangeCase) -> CaseSnapshot:
    """The case with the given fields, and the state, changed in one event.

    Raises NotFound, StaleVersion, InvalidRequest, IllegalMove.
    """
    before = current_case(transaction, command.number, command.version)
    origin = command_origin(transaction.connection, command)
    values = resolve(transaction.connection, command.fields, before)
    if command.state is not None:
        values["state"] = command.state
    description = command.fields.description
    after = ledger.change(transaction, origin, before, values, description=description)
    tell_new_responsible(transaction, origin, before, after)
    return after


def move_case(transaction: Transaction, command: MoveCase) -> CaseSnapshot:
    """The case in its new state. Raises NotFound, StaleVersion, IllegalMove."""
    before = current_case(transaction, command.number, command.version)
    origin = command_origin(transaction.connection, command)
    return ledger.change(transaction, origin, before, {"state": command.state})


def escalate_case(transaction: Transaction, command: EscalateCase) -> CaseSnapshot:
    """The case in the section above; its responsible watches on (K4).

    Raises NotFound, StaleVersion, and InvalidRequest when its section escalates to none.
    """
    before = current_case(transaction, command.number, command.version)
    origin = command_origin(transaction.connection, command)
    try:
        values = escalation_values(transaction, before)
    except ActionFailed as error:
        raise InvalidRequest("section", str(error)) from error
    return ledger.change(transaction, origin, before, values, escalated=True)


def current_case(transaction: Transaction, number: int, version: int) -> CaseSnapshot:
    """The case that may be changed at this version.

    Raises NotFound, StaleVersion, and InvalidRequest for a case that was merged into another.
    """
    case = store.get(transaction.connection, number)
    refuse_merged(case)
    if case.version != version:
        raise StaleVersion("case", version, case.version)
    return case
