"""Somebody writes on a case in the browser or by program: a reply or an internal note."""

from __future__ import annotations

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, order_mail, responsible_address
from services.cases.actions.merged import refuse_merged
from services.cases.actions.take_up import take_up
from services.cases.model.audience import audience_of
from services.contracts.case_commands import AddMessage
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction


def write_message(transaction: Transaction, command: AddMessage) -> CaseSnapshot:
    """The case behind the message; a reply is mailed to the partner and to who else is on it.

    Raises NotFound, and InvalidRequest for a reply on a case without a contact.
    """
    case = store.get(transaction.connection, command.number)
    refuse_merged(case)
    origin = command_origin(transaction.connection, command)
    row = {
        "kind": command.kind,
        "direction": "internal" if command.kind == "note" else "out",
        "text": command.text,
        "minutes_spent": command.minutes_spent,
        "attachments": [one.model_dump(mode="json") for one in command.attachments],
    }
    if command.kind == "note":
        return ledger.add_message(transaction, origin, case, row)[0]
    if case.contact is None:
        raise InvalidRequest(
            "kind", "the case has no contact to reply to; give it one, or write a note"
        )
    by_person = origin.actor.kind == "user"
    case, number = ledger.add_message(transaction, origin, case, row, answers=by_person)
    _send(transaction, origin, case, command, number)
    return take_up(transaction, origin, case)


def _send(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    command: AddMessage,
    number: int,
) -> None:
    """To the partner's side as it is; to ours, but for the writer, saying who wrote it."""
    responsible = responsible_address(transaction, case)
    writes_himself = case.responsible is not None and case.responsible.id == origin.actor.id
    has_it = frozenset({responsible.address.lower()} if responsible and writes_himself else ())
    audience = audience_of(case, responsible, has_it)
    name = origin.actor.name
    text, files = command.text, command.attachments
    letter = Letter("reply", text, files, message_number=number, signed_by=name)
    order_mail(transaction, origin, case, audience.partner_side, letter)
    told = f"{name} wrote on case [{case.number}]:\n\n{text}"
    copy = Letter("copy", told, files, message_number=number)
    order_mail(transaction, origin, case, audience.staff_side, copy)
