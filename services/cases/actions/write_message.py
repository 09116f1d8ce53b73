"""Somebody writes on a case in the browser or by program: a reply or an internal note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.command_origin import command_origin
from services.cases.actions.copies import with_copies
from services.cases.actions.ledger import Origin
from services.cases.actions.mail_thread import quotation_for
from services.cases.actions.mails import (
    Letter,
    order_mail,
    order_mail_to_ours,
    responsible_address,
)
from services.cases.actions.merged import refuse_merged
from services.cases.actions.take_up import take_up
from services.cases.model.audience import audience_of
from services.cases.model.phrases import Phrases
from services.contracts.case_commands import AddMessage
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.contracts.mail import Attachment
from services.messaging.transaction import Transaction


def write_message(transaction: Transaction, command: AddMessage) -> CaseSnapshot:
    """The case behind the message; a reply is mailed to the partner and to who else is on it.

    Raises NotFound, and InvalidRequest for a reply on a case without a contact, an attachment
    that was not put into the file store, or a copy to what is no address.
    """
    case = store.get(transaction.connection, command.number)
    refuse_merged(case)
    origin = command_origin(transaction.connection, command)
    attachments = uploaded(command.attachments)
    row = {
        "kind": command.kind,
        "direction": "internal" if command.kind == "note" else "out",
        "text": command.text,
        "minutes_spent": command.minutes_spent,
        "attachments": [one.model_dump() for one in attachments],
    }
    if command.kind == "note":
        return ledger.add_message(transaction, origin, case, row)[0]
    if case.contact is None:
        raise InvalidRequest(
            "kind", "the case has no contact to reply to; give it one, or write a note"
        )
    case = with_copies(transaction, origin, case, command.add_watchers, command.remove_watchers)
    by_person = origin.actor.kind == "user"
    case, number = ledger.add_message(transaction, origin, case, row, answers=by_person)
    reply = Letter(
        "reply",
        command.text,
        attachments,
        message_number=number,
        signed_by=origin.actor.name,
        quotation=quotation_for(transaction.connection, case.number, command.text),
    )
    _send(transaction, origin, case, reply)
    return take_up(transaction, origin, case)


def uploaded(given: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """What was uploaded came by no mail: nobody gets at a mail by naming it here.

    Whether the store has it the web has looked, which speaks to the store anyway. Raises
    InvalidRequest for what was not uploaded.
    """
    for place, one in enumerate(given):
        if not one.sha256:
            raise InvalidRequest(
                f"attachments.{place}", "upload the file, and give the sha256 that it got"
            )
    return tuple(one.model_copy(update={"mail_id": "", "part": 0}) for one in given)


def _send(transaction: Transaction, origin: Origin, case: CaseSnapshot, reply: Letter) -> None:
    """To the partner's side as it is; to ours, but for the writer, saying who wrote it."""
    responsible = responsible_address(transaction, case)
    writes_himself = case.responsible is not None and case.responsible.id == origin.actor.id
    has_it = frozenset({responsible.address.lower()} if responsible and writes_himself else ())
    audience = audience_of(case, responsible, has_it)
    order_mail(transaction, origin, case, audience.partner_side, reply)

    def copy(words: Phrases) -> Letter:
        who = words.wrote_on_case.format(name=origin.actor.name, number=case.number)
        text = f"{who}\n\n{reply.text}"
        return replace(reply, purpose="copy", text=text, signed_by="", quotation=None)

    order_mail_to_ours(transaction, origin, case, audience.staff_side, copy)
