"""Which case a mail belongs to, and what its sender is there (M4): docs/decisions/0003."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.cases import directory, meetings, moving, reply_keys, store
from services.cases.actions.by_answer import answered_meeting
from services.cases.actions.mails import responsible_address
from services.cases.model.reply_token import ReplyToken, read_token
from services.cases.model.thread import OURS, Proof, Standing, role_of
from services.cases.store import KnownMail
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import NotFound
from services.contracts.filing import Filing
from services.contracts.mail import MailReceivedData
from services.messaging.transaction import Transaction

OPENS_ONE = "it names no case of ours, so that it opens one"


@dataclass(frozen=True)
class Found:
    """The case, how and why it is that, and the standing of the sender there; or none.

    `is_answer`: the mail answers our invitation to the meeting that the case is.
    """

    how: Filing
    why: str
    case: CaseSnapshot | None = None
    standing: Standing | None = None
    is_answer: bool = False


@dataclass(frozen=True)
class _Search:
    """What is known about a mail: the Message-IDs it refers to, and its token if it is true."""

    transaction: Transaction
    mail: MailReceivedData
    known: Sequence[KnownMail]
    token: ReplyToken | None
    token_leads_to: int | None


@dataclass(frozen=True)
class _Hint:
    """A case that something in the mail points to."""

    number: int
    how: Filing
    why: str


def references_of(mail: MailReceivedData) -> tuple[str, ...]:
    """The Message-IDs that a mail refers to, the nearest first."""
    return (*mail.in_reply_to, *reversed(mail.references))


def find_case(
    transaction: Transaction, mail: MailReceivedData, known: Sequence[KnownMail]
) -> Found:
    """The case that a mail belongs to: by token, number, thread, or none.

    `known` are those of its references, and it itself, that we know. What points to a case
    where its sender has no right to join leads nowhere.
    """
    search = _search(transaction, mail, known)
    meeting = answered_meeting(transaction, mail)
    answered = _case(transaction, meeting.case_number) if meeting else None
    if answered is not None:
        # Also a stranger's: what answers an invitation is no case of its own.
        standing = _standing(search, answered)
        why = f"it answers our invitation to the meeting of this case; {standing.told}"
        return Found("invitation", why, answered, standing, is_answer=True)
    turned_away = ""
    for hint in _hints(search):
        case = _case(transaction, hint.number)
        if case is None:
            continue
        standing = _standing(search, case)
        if standing.rights.joins:
            return Found(hint.how, f"{hint.why}; {standing.told}", case, standing)
        turned_away = turned_away or f"{hint.why} gives it no case: {standing.told}"
    return Found("new", turned_away or OPENS_ONE)


def _search(
    transaction: Transaction, mail: MailReceivedData, known: Sequence[KnownMail]
) -> _Search:
    if not mail.reply_token:
        return _Search(transaction, mail, known, None, None)
    token = read_token(reply_keys.all_keys(transaction.connection), mail.reply_token)
    leads_to = moving.where_now(transaction.connection, token.case_number) if token else None
    return _Search(transaction, mail, known, token, leads_to)


def _hints(search: _Search) -> Iterator[_Hint]:
    """What points to a case, the strongest first.

    Who answers what became a case of its own does not know its number yet, nor a token of it.
    """
    mail, known = search.mail, search.known
    split_off = {one.message_id: one.number for one in known if one.split_off}
    for reference in mail.in_reply_to:
        if reference in split_off:
            yield _Hint(split_off[reference], "thread", "it answers what became this case")
    if search.token_leads_to is not None:
        yield _Hint(search.token_leads_to, "token", "the signed address it was written to")
    if mail.case_number is not None:
        told = f"the number [{mail.case_number}] in its subject"
        yield _Hint(mail.case_number, "number", told)
    if mail.invitation is not None:
        meeting = meetings.find(search.transaction.connection, mail.invitation.uid)
        if meeting is not None:
            yield _Hint(meeting.case_number, "invitation", "it is about the meeting of this case")
    by_id = {one.message_id: one.number for one in known}
    for reference in references_of(mail):
        if reference in by_id:
            yield _Hint(by_id[reference], "thread", f"it refers to the mail {reference}")


def _case(transaction: Transaction, number: int) -> CaseSnapshot | None:
    """The case with this number, or the one that it was merged into."""
    connection = transaction.connection
    try:
        case = store.get(connection, number)
        if case.merged_into is None:
            return case
        return store.get(connection, moving.where_now(connection, number))
    except NotFound:
        return None


def _standing(search: _Search, case: CaseSnapshot) -> Standing:
    sender = search.mail.sender.address.lower()
    user = directory.user_by_address(search.transaction.connection, sender)
    responsible = responsible_address(search.transaction, case)
    role = role_of(
        sender,
        case,
        responsible.address if responsible and user else None,  # a retired one is a stranger
        frozenset({sender} if user else ()),
        frozenset({sender} if user and user.role == "read-only" else ()),
    )
    side = "staff" if role in OURS else "partner"
    return Standing(role, _proof(search, case, sender, side), search.mail.authentication)


def _proof(search: _Search, case: CaseSnapshot, sender: str, side: str) -> Proof:
    """How the sender shows that he belongs to the case."""
    its = [one for one in search.known if one.number == case.number]
    # What one of ours sent with us in copy (M8) came in like any mail: whoever forges such has
    # made the case himself, and gets no further than that one, wherever it is merged into.
    came_in = {one.message_id for one in search.known if not one.recipient}
    for one in its:
        ours = one.message_id not in came_in or one.stood_on == case.number
        if one.recipient == sender and ours:
            return "message"
    by_token = search.token is not None and search.token_leads_to == case.number
    if search.token is not None and by_token and search.token.side == side:
        return "token"
    return "thread" if its or by_token else "number"
