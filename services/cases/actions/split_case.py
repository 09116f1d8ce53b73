"""One message of a case turns out to be about something else: it becomes a case of its own.

The two are linked, and answers to the message go to the new case; see docs/decisions/0009.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from sqlalchemy import Connection

from services.cases import moving
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.change_case import current_case
from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import Origin
from services.cases.actions.link_cases import link
from services.cases.actions.values import contact_values
from services.contracts.case_commands import SplitCase
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest, NotFound
from services.messaging.transaction import Transaction

# "Re: [101] Fwd: Printer" is about a printer.
_ANSWERED = re.compile(r"^(\s*((re|aw|sv|wg|fwd?)\s*:|\[\d+\]))+\s*", re.IGNORECASE)
TAKEN_OVER = (
    *("kind", "section", "section_path", "category", "responsible", "priority", "partner"),
    *("partner_categories", "contact", "currency", "custom", "answer_from"),
)
LONGEST_SUBJECT = 500


def split_case(transaction: Transaction, command: SplitCase) -> CaseSnapshot:
    """The new case. Raises NotFound, StaleVersion, and InvalidRequest for a wrong message."""
    connection = transaction.connection
    case = current_case(transaction, command.number, command.version)
    entry = _entry(connection, command)
    by = command_origin(connection, command)
    origin = replace(by, reason=f"message {entry['number']} of case [{case.number}]")
    new = _new_case(connection, origin, case, entry, command.subject)
    new = ledger.create(transaction, origin, new, entry["text"])
    new, _ = ledger.add_message(transaction, origin, new, _first_message(entry))
    moving.move_mails_of(connection, entry, new.number)
    told = f"message {entry['number']} of case [{case.number}] became case [{new.number}]"
    new = link(transaction, replace(by, reason=told), new, "follows", case)
    tell_new_responsible(transaction, origin, None, new)
    return new


def _entry(connection: Connection, command: SplitCase) -> dict[str, Any]:
    try:
        return moving.entry_of(connection, command.number, command.message_number)
    except NotFound as error:
        told = f"case {command.number} has no message {command.message_number}; give one it has"
        raise InvalidRequest("message_number", told) from error


def _new_case(
    connection: Connection,
    origin: Origin,
    case: CaseSnapshot,
    entry: dict[str, Any],
    subject: str | None,
) -> CaseSnapshot:
    """A case like the one it came from, but with the writer of the mail as its contact."""
    values: dict[str, Any] = {name: getattr(case, name) for name in TAKEN_OVER}
    name, address = parseaddr(entry["author"])
    if entry["direction"] == "in" and "@" in address.strip("@"):
        values |= {"partner": None, "partner_categories": ()}
        values |= contact_values(connection, address, name)
    if entry["direction"] == "out" and not entry["automatic"]:
        values["responded_at"] = origin.at  # what we wrote is our first word
    return CaseSnapshot(
        number=0,
        version=0,
        subject=_subject(subject, entry["subject"], case.subject),
        state="open" if case.responsible else "draft",
        created_at=origin.at,
        last_action_at=origin.at,
        state_since=origin.at,
        **values,
    )


def _subject(*given: str | None) -> str:
    """The first that says something; a number of another case would lead answers astray."""
    plain = (_ANSWERED.sub("", one or "").strip() for one in given)
    return next((one for one in plain if one), "(no subject)")[:LONGEST_SUBJECT]


def _first_message(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as it stood; the time booked with it stays where it was booked."""
    return {
        **{name: value for name, value in entry.items() if name not in ("case_number", "number")},
        "from_case": entry["from_case"] or entry["case_number"],
        "from_number": entry["from_number"] or entry["number"],
        "minutes_spent": None,
    }
