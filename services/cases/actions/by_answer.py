"""Somebody answers our invitation: what he says stands on the case (C6, RFC 5546 §3.2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.cases import directory, meetings
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, language_of, order_mail, responsible_address
from services.cases.actions.open_by_mail import message_row
from services.cases.actions.origin import section_of
from services.cases.meetings import Meeting
from services.cases.model.meeting_words import MeetingWords, meeting_words, time_text
from services.cases.model.thread import Standing
from services.contracts.cases import Attendee, CaseSnapshot, SingleAnswer
from services.contracts.invitations import Invitation
from services.contracts.mail import Attachment, MailReceivedData
from services.messaging.transaction import Transaction

ANSWERS = frozenset({"REPLY", "COUNTER"})
MOST_SINGLE = 200
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_SAYS = {
    "waiting": "has not decided about",
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "accepted for the time being",
}


def answered_meeting(transaction: Transaction, mail: MailReceivedData) -> Meeting | None:
    """The meeting of ours that the mail answers the invitation to; None for any other mail."""
    invitation = mail.invitation
    if invitation is None or invitation.method not in ANSWERS or mail.returned or mail.receipt:
        return None
    meeting = meetings.find(transaction.connection, invitation.uid)
    return meeting if meeting is not None and meeting.ours else None


def take_answer(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
) -> tuple[CaseSnapshot, int]:
    """The case behind the answer, and the number of its entry there.

    It counts from an address that was invited, for the meeting's uid is known to those alone
    who have the invitation (docs/decisions/0003). It never moves the meeting nor the state, and
    goes on to nobody but the responsible, where it tells him something to act on.
    """
    invitation = mail.invitation
    assert invitation is not None
    attendee = _attendee(case, mail.sender.address)
    doubt = _doubt(transaction, case, standing, mail, attendee)
    remark = doubt or _remark(invitation)
    text = mail.text or invitation.comment
    unverified = doubt.startswith("unverified")
    row = message_row(mail, "internal", kind="note", remark=remark, verified=not unverified)
    row |= {"text": text, "attachments": [one.model_dump() for one in _files(mail)]}
    case, number = ledger.add_message(transaction, origin, case, row)
    if doubt or attendee is None:
        return case, number
    if invitation.method == "REPLY" and invitation.answer is not None:
        case = _record(transaction, origin, case, attendee, mail)
    if _is_to_be_known(mail, invitation):
        _tell_responsible(transaction, origin, case, mail, number)
    return case, number


def _files(mail: MailReceivedData) -> tuple[Attachment, ...]:
    """What came with the answer; the answer itself is told already."""
    return tuple(one for one in mail.attachments if one.content_type not in _CALENDARS)


def _attendee(case: CaseSnapshot, address: str) -> Attendee | None:
    return next((one for one in case.attendees if one.address.lower() == address.lower()), None)


def _doubt(
    transaction: Transaction,
    case: CaseSnapshot,
    standing: Standing,
    mail: MailReceivedData,
    attendee: Attendee | None,
) -> str:
    """Why the answer changes nothing; empty for one that counts."""
    invitation, meeting = mail.invitation, answered_meeting(transaction, mail)
    assert invitation is not None
    if meeting is None or meeting.case_number != case.number:
        return "answers the invitation of a case that was merged into this one"
    if attendee is None:
        return "unverified: answers our invitation, but its sender was not invited"
    if mail.authentication == "fail":
        return standing.doubt
    other = invitation.attendee
    if other and other.lower() != attendee.address.lower() and _attendee(case, other) is not None:
        return f"unverified: answers our invitation in the name of {other}"
    if invitation.method == "REPLY" and invitation.sequence < _asked_at(attendee, invitation):
        return "answers an earlier invitation; the time was another one then"
    return ""


def _asked_at(attendee: Attendee, invitation: Invitation) -> int:
    for one in attendee.single:
        if one.original == invitation.original:
            return one.sequence
    return attendee.sequence


def _remark(invitation: Invitation) -> str:
    words = meeting_words("en")
    which = "the invitation"
    if invitation.original is not None:
        which = f"the invitation for {time_text(words, invitation.original, 0, '')}"
    if invitation.method == "COUNTER":
        return f"answers {which}: proposes {_proposed(words, invitation) or 'another time'}"
    if invitation.answer is None:
        return f"answers {which}"
    return f"{_SAYS[invitation.answer]} {which}"


def _proposed(words: MeetingWords, invitation: Invitation, zone: str = "") -> str:
    if invitation.start is None:
        return ""
    minutes = invitation.duration_minutes or 0
    return time_text(words, invitation.start, minutes, zone, all_day=invitation.all_day)


def _record(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    attendee: Attendee,
    mail: MailReceivedData,
) -> CaseSnapshot:
    """The case with the answer of the attendee, who has the name that he gives himself."""
    assert mail.invitation is not None
    named = attendee.model_copy(update={"name": attendee.name or mail.sender.name})
    answered = _answered(named, mail.invitation, origin.at)
    if answered == attendee:
        return case
    everybody = tuple(answered if one == attendee else one for one in case.attendees)
    origin = replace(origin, reason=f"{origin.reason}: {_remark(mail.invitation)}")
    return ledger.change(transaction, origin, case, {"attendees": everybody})


def _answered(attendee: Attendee, invitation: Invitation, at: datetime) -> Attendee:
    """The attendee with the answer; the same one where he says again what he said."""
    answer = invitation.answer
    assert answer is not None
    if invitation.original is None:
        if attendee.answer == answer and not attendee.single:
            return attendee
        news = {"answer": answer, "answered_at": at, "single": ()}
        return attendee.model_copy(update=news)
    held = {one.original: one for one in attendee.single}
    before = held.get(invitation.original)
    if (before.answer if before else attendee.answer) == answer:
        return attendee
    held[invitation.original] = SingleAnswer(
        original=invitation.original,
        answer=answer,
        answered_at=at,
        sequence=before.sequence if before else attendee.sequence,
    )
    kept = [held[one] for one in sorted(held)][-MOST_SINGLE:]
    return attendee.model_copy(update={"single": tuple(kept)})


def _is_to_be_known(mail: MailReceivedData, invitation: Invitation) -> bool:
    """Whether the responsible hears of it at once: a refusal, a wish, or words of a person.

    What calendar programs write into such a mail by themselves is none of these.
    """
    if invitation.method == "COUNTER" or invitation.answer == "declined":
        return True
    return bool(invitation.comment or (mail.text.strip() and not mail.automatic))


def _tell_responsible(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    mail: MailReceivedData,
    number: int,
) -> None:
    invitation, responsible = mail.invitation, responsible_address(transaction, case)
    if responsible is None or invitation is None:
        return
    user = directory.user_by_address(transaction.connection, responsible.address)
    language = user.language if user else language_of(section_of(transaction, case))
    words = meeting_words(language)
    name = mail.sender.name or mail.sender.address
    if invitation.method == "COUNTER":
        when = _proposed(words, invitation, user.time_zone if user else "UTC")
        head = words.proposed.format(name=name, number=case.number, when=when)
    elif invitation.answer is not None:
        head = words.answers[invitation.answer].format(name=name, number=case.number)
    else:
        head = words.wrote.format(name=name, number=case.number)
    text = "\n\n".join(part for part in (head, mail.text or invitation.comment) if part)
    letter = Letter(
        "pass_on",
        text,
        _files(mail),
        automatic=mail.automatic,
        message_number=number,
        side="ours",
        language=language,
    )
    order_mail(transaction, origin, case, [responsible], letter)
