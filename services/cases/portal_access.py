"""Which case a link into the portal opens, for whom, and until when: asked in this one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.cases import directory, reply_keys
from services.cases.looking import look
from services.cases.model.portal_token import (
    Opens,
    PortalToken,
    is_over,
    is_signed,
    parse_portal_token,
)
from services.contracts.cases import CaseSnapshot, Contact
from services.contracts.directory import Section
from services.contracts.errors import NotFound


@dataclass(frozen=True)
class Opened:
    """The case behind a link, its contact, its section, and what the link opens."""

    case: CaseSnapshot
    contact: Contact
    section: Section | None
    opens: Opens


def open_link(connection: Connection, given: str, at: datetime) -> Opened:
    """What the link opens at this moment; the case it was merged into, if he is its contact, too.

    Raises NotFound, without saying why, for one that opens nothing. The token is in no error.
    """
    opened = _open(connection, given, at)
    if opened is None:
        raise NotFound("case", "behind this link")
    return opened


def portal_contact(connection: Connection, case: CaseSnapshot) -> Contact | None:
    """Who may be given links to the case: its contact, unless he is one of us, or the section
    wants none."""
    return _contact_in(connection, case, _section_of(connection, case))


def _open(connection: Connection, given: str, at: datetime) -> Opened | None:
    token = parse_portal_token(given)
    named = look(connection, token.number) if token is not None else None
    if token is None or named is None or named.contact is None:
        return None
    keys = reply_keys.all_keys(connection)
    if not is_signed(keys, token, named.contact.address) or _was_ended(token, named):
        return None
    case = _where_it_went(connection, named)
    if case is None or _was_ended(token, case) or is_over(token, case.last_action_at, at):
        return None
    section = _section_of(connection, case)
    contact = _contact_in(connection, case, section)
    if contact is None or contact.address.lower() != named.contact.address.lower():
        return None
    return Opened(case, contact, section, token.opens)


def _section_of(connection: Connection, case: CaseSnapshot) -> Section | None:
    return directory.find(connection, Section, case.section.id) if case.section else None


def _contact_in(
    connection: Connection, case: CaseSnapshot, section: Section | None
) -> Contact | None:
    if case.contact is None or (section is not None and not section.portal):
        return None
    ours = directory.user_by_address(connection, case.contact.address) is not None
    return None if ours else case.contact


def _where_it_went(connection: Connection, case: CaseSnapshot) -> CaseSnapshot | None:
    seen = {case.number}
    found: CaseSnapshot | None = case
    while found is not None and found.merged_into is not None and found.merged_into not in seen:
        seen.add(found.merged_into)
        found = look(connection, found.merged_into)
    return found


def _was_ended(token: PortalToken, case: CaseSnapshot) -> bool:
    ended = case.portal_links_ended_at
    return ended is not None and token.issued_at <= ended
