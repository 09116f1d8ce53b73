"""How a mail of ours fits into the thread that its recipient has: what it refers to and quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from services.cases import mail_queries
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Quotation

MOST_REFERENCES = 20
MOST_QUOTED_CHARACTERS = 10_000
CUT = "\n[…]"
_QUOTES = re.compile(r"^ ?>", re.MULTILINE)


@dataclass(frozen=True)
class Thread:
    """The headers References and In-Reply-To of a mail (RFC 5322 §3.6.4)."""

    references: tuple[str, ...]
    in_reply_to: str | None


def thread_of(
    connection: Connection, case: CaseSnapshot, recipient: str, domain: str, *, for_partner: bool
) -> Thread:
    """What a mail to this recipient refers to: what was said, and what he got of it from us.

    The first of all mails stays the first however long it grows, for mail programs take it
    for the name of the thread. A case that no mail began has one made up, which never changes.
    The partner never had what our own people wrote to us.
    """
    entries = mail_queries.entries(connection, case.number)
    sent = mail_queries.sent_to(connection, case.number, recipient)
    began_by_mail = bool(entries and entries[0].message_id and entries[0].at <= case.created_at)
    root = entries[0].message_id if began_by_mail else _made_up(case.number, domain)
    found: list[str] = []
    had: list[str] = []
    for entry in entries:
        his_own = bool(entry.message_id) and for_partner and entry.direction == "in"
        if his_own or (entry.message_id and not for_partner):
            found.append(entry.message_id)
        found += sent.get(entry.number, [])
        had += [entry.message_id] * his_own + sent.get(entry.number, [])
    if began_by_mail:
        found.insert(0, root)
    answered = (had or found)[-1:]
    references = tuple(dict.fromkeys((root, *found)))
    return Thread(
        references[:1] + references[1:][-MOST_REFERENCES:], answered[0] if answered else None
    )


def quotation_for(connection: Connection, number: int, text: str) -> Quotation | None:
    """What a reply answers: the last that the partner's side wrote.

    Nothing where the reply quotes already, or nobody vouches for who wrote it: what a
    forged From said must not go out in our mails.
    """
    if _QUOTES.search(text):
        return None
    last = mail_queries.last_of_partner(connection, number)
    if last is None or not last["verified"] or not last["text"].strip():
        return None
    said = last["text"].strip()
    if len(said) > MOST_QUOTED_CHARACTERS:
        said = said[:MOST_QUOTED_CHARACTERS] + CUT
    name = last["author"].rpartition(" <")[0] or last["author"]
    return Quotation(author=name, at=last["at"], text=said)


def _made_up(number: int, domain: str) -> str:
    return f"<casewire.case.{number}@{domain}>"
