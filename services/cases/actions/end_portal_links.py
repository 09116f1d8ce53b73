"""Ending the links into the portal that were given out for a case."""

from __future__ import annotations

from services.cases.actions.command_origin import command_origin
from services.cases.actions.ledger import change
from services.cases.actions.merged import refuse_merged
from services.cases.store import get
from services.contracts.cases import CaseSnapshot
from services.contracts.portal import EndPortalLinks
from services.messaging.transaction import Transaction


def end_portal_links(transaction: Transaction, command: EndPortalLinks) -> CaseSnapshot:
    """The case, to which no link leads that was given out until now; mails to come bring new ones.

    Raises NotFound, and InvalidRequest for a case that was merged into another.
    """
    case = get(transaction.connection, command.number)
    refuse_merged(case)
    origin = command_origin(transaction.connection, command)
    return change(transaction, origin, case, {"portal_links_ended_at": origin.at})
