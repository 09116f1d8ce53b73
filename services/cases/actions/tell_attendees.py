"""The people who were invited to a meeting get a mail with it for their calendar (RFC 6047)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.cases import directory, meetings
from services.cases.actions.mails import Letter, Side, language_of, order_mail
from services.cases.actions.origin import Origin, section_of
from services.cases.model.attendance import News
from services.cases.model.meeting_words import letter_text, meeting_words
from services.contracts.cases import Attendee, CaseSnapshot
from services.contracts.directory import User
from services.contracts.invitations import CalendarPart
from services.contracts.mail import Address
from services.messaging.transaction import Transaction
from services.runtime.identity import new_id

_METHODS = {"invited": "REQUEST", "changed": "REQUEST", "cancelled": "CANCEL"}
_WORDS = {"invited": "invited", "changed": "told of the change", "cancelled": "told that it is off"}


def told(reason: str, news: Sequence[News]) -> str:
    """The reason of a change, with whom the mails about it went to."""
    parts = [f"{_WORDS[one.about]}: {_names(one.to)}" for one in news]
    return "; ".join(part for part in (reason, *dict.fromkeys(parts)) if part)


def tell_attendees(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, news: Sequence[News]
) -> None:
    """Order the mails: one for the partner's side, and one for each language on ours.

    Who is no longer on the case gets one of his own, so that he sees nobody else's address.
    """
    for one in news:
        for side, language, group in _groups(transaction, case, one.to):
            letter = _letter(transaction, origin, case, replace(one, to=group), language)
            addresses = [Address(address=who.address, name=who.name) for who in group]
            order_mail(transaction, origin, case, addresses, replace(letter, side=side))


def _letter(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, news: News, language: str
) -> Letter:
    words = meeting_words(language)
    zone = _zone(transaction, case)
    return Letter(
        "invitation",
        letter_text(words, case, news, zone),
        automatic=origin.is_rule,
        subject=words.subjects[news.about].format(subject=case.subject),
        language=language,
        calendar=_calendar(transaction, case, news),
    )


def _calendar(transaction: Transaction, case: CaseSnapshot, news: News) -> CalendarPart | None:
    """None for a case whose start was taken away, where nothing is left to write down."""
    meeting = meetings.of_case(transaction.connection, case.number, ours=True)
    assert meeting is not None, f"attendees of case {case.number} were never invited"
    start = case.start or case.created_at  # a cancellation names the meeting, not its time
    return CalendarPart.model_validate(
        {
            "method": _METHODS[news.about],
            "uid": meeting.uid,
            "sequence": case.invitation_sequence,
            "summary": case.subject,
            "start": start,
            "duration_minutes": case.duration_minutes or 0,
            "all_day": case.all_day and case.start is not None,
            "recurrence": case.recurrence if case.start else "",
            "time_zone": case.time_zone,
            "occurrences": case.occurrences if case.start else (),
            "only": news.only,
            "attendees": _listed(case, news),
        }
    )


def _listed(case: CaseSnapshot, news: News) -> tuple[Attendee, ...]:
    """Everybody who is invited; of a cancellation only those whom it is for (§3.2.5)."""
    if news.about == "cancelled" and not news.only:
        return news.to
    return case.attendees


def uid_of(transaction: Transaction, case: CaseSnapshot) -> str:
    """The uid of the case's meeting, made up when it is asked for first; it never changes."""
    connection = transaction.connection
    known = meetings.of_case(connection, case.number, ours=True)
    if known is not None:
        return known.uid
    section = section_of(transaction, case)
    address = (section.reply_address if section else "") or case.answer_from
    uid = (
        f"{new_id()}.case-{case.number}@{address.rpartition('@')[2].lower() or 'casewire.invalid'}"
    )
    meetings.keep(connection, uid, case.number, 0, ours=True)
    return uid


def _groups(
    transaction: Transaction, case: CaseSnapshot, to: Sequence[Attendee]
) -> list[tuple[Side, str, tuple[Attendee, ...]]]:
    usual = language_of(section_of(transaction, case))
    there = {one.address.lower() for one in case.attendees}
    found: dict[tuple[Side, str, str], list[Attendee]] = {}
    for one in to:
        user = directory.user_by_address(transaction.connection, one.address)
        side: Side = "ours" if user else "partner"
        alone = "" if one.address.lower() in there else one.address
        language = user.language if user else usual
        found.setdefault((side, language, alone), []).append(one)
    return [(side, language, tuple(group)) for (side, language, _), group in found.items()]


def _zone(transaction: Transaction, case: CaseSnapshot) -> str:
    """On whose clock the mail's words are: that of the series, or of the responsible."""
    if case.time_zone or case.responsible is None:
        return case.time_zone or "UTC"
    user = directory.find(transaction.connection, User, case.responsible.id)
    return user.time_zone if user else "UTC"


def _names(people: Sequence[Attendee]) -> str:
    return ", ".join(one.name or one.address for one in people)
