"""The contact and the watchers of a meeting are invited to it by mail (C6)."""

from __future__ import annotations

from dataclasses import replace

from services.cases import meetings
from services.cases.actions import ledger
from services.cases.actions.change_case import current_case
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import responsible_address
from services.cases.actions.tell_attendees import tell_attendees, told, uid_of
from services.cases.model.attendance import News, not_invited_yet
from services.contracts.calendar import SendInvitation
from services.contracts.cases import CLOSED, Attendee, CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.messaging.transaction import Transaction


def send_invitation(transaction: Transaction, command: SendInvitation) -> CaseSnapshot:
    """The case with its attendees. Raises NotFound, StaleVersion, InvalidRequest."""
    case = current_case(transaction, command.number, command.version)
    if case.start is None:
        raise InvalidRequest("number", "it has no start to invite to; give it one first")
    if case.state in CLOSED:
        raise InvalidRequest("number", f"it is {case.state}; open it again before you invite")
    if meetings.of_case(transaction.connection, case.number, ours=False) is not None:
        raise InvalidRequest("number", "it is a meeting that we were invited to; answer that mail")
    responsible = responsible_address(transaction, case)
    new = not_invited_yet(case, [responsible.address] if responsible else [])
    if not new:
        told_so = "everybody on it is invited; add a contact or a watcher to invite more"
        raise InvalidRequest("number", told_so if case.attendees else "it has nobody to invite")
    return invite(transaction, command_origin(transaction.connection, command), case, new)


def invite(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, new: tuple[Attendee, ...]
) -> CaseSnapshot:
    """The case with these attendees beside those it has; they alone get a mail."""
    uid_of(transaction, case)
    sequence = case.invitation_sequence
    asked = tuple(Attendee(address=one.address, name=one.name, sequence=sequence) for one in new)
    news = (News("invited", asked),)
    origin = replace(origin, reason=told(origin.reason, news))
    case = ledger.change(transaction, origin, case, {"attendees": (*case.attendees, *asked)})
    tell_attendees(transaction, origin, case, news)
    return case
