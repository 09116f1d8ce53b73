"""A mail that invites to a meeting makes a dated case, and moves or cancels it (M11, RFC 5546)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from services.cases import directory, meetings
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.model.thread import Standing
from services.contracts.cases import CLOSED, CaseSnapshot
from services.contracts.invitations import Invitation
from services.contracts.mail import MailReceivedData
from services.messaging.transaction import Transaction

MEETING = "meeting"
ASKS = frozenset({"REQUEST", "PUBLISH"})


def meeting_values(connection: Connection, mail: MailReceivedData) -> dict[str, Any]:
    """Kind, start and duration of the case that an invitation makes; empty for other mails.

    It is of the account's kind if that is dated, else a meeting.
    """
    invitation = mail.invitation
    if invitation is None or invitation.method not in ASKS or invitation.start is None:
        return {}
    for code in (mail.new_case.kind, MEETING):
        kind = directory.kind_called(connection, code)
        if kind is not None and kind.active and kind.dated:
            return {"kind": code, **_times(invitation)}
    return {}


def remember_meeting(transaction: Transaction, mail: MailReceivedData, number: int) -> None:
    """The case that an invitation made is that of its meeting."""
    invitation = mail.invitation
    if invitation is None or invitation.method not in ASKS or invitation.exception:
        return
    if meetings.find(transaction.connection, invitation.uid) is None:
        connection = transaction.connection
        meetings.keep(connection, invitation.uid, number, invitation.sequence)


def follow_invitation(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> CaseSnapshot:
    """The case behind a later word on its meeting.

    Only whoever invited may move or cancel it, and only for the whole series: what is about one
    meeting of it, an answer or a wish is but a message (docs/decisions/0003).
    """
    invitation = mail.invitation
    if invitation is None or invitation.exception or not _is_the_host(case, standing, mail):
        return case
    known = meetings.find(transaction.connection, invitation.uid)
    if known is None or known.ours or known.case_number != case.number:
        return case  # to a meeting that we invite to, nobody else does
    if invitation.sequence < known.sequence:
        return case
    if invitation.method == "CANCEL":
        if not _is_shown_to_be_his(standing, mail):
            return case  # his mail is heard by our people, as every wish is
        values: dict[str, Any] = {} if case.state in CLOSED else {"state": "cancelled"}
    elif invitation.method in ASKS and invitation.start is not None:
        values = _times(invitation)
    else:
        return case
    meetings.keep(transaction.connection, invitation.uid, case.number, invitation.sequence)
    origin = replace(origin, reason=f"{origin.reason}: the invitation was changed by its sender")
    return ledger.change(transaction, origin, case, values)


def _times(invitation: Invitation) -> dict[str, Any]:
    return {"start": invitation.start, "duration_minutes": invitation.duration_minutes}


def _is_the_host(case: CaseSnapshot, standing: Standing, mail: MailReceivedData) -> bool:
    """Whoever opened the case by the invitation, unless our mail server found him forged.

    That he knows the meeting's uid, which nobody can guess, shows that he has seen it.
    """
    return standing.role == "partner" and mail.authentication != "fail"


def _is_shown_to_be_his(standing: Standing, mail: MailReceivedData) -> bool:
    """Whether more than the uid, which all who were invited know, shows who wrote it.

    As a forged From closes no case, it cancels none.
    """
    return standing.verified or mail.authentication == "pass"
