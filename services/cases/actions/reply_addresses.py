"""The signed address that answers to a mail of ours are asked to (docs/decisions/0010)."""

from __future__ import annotations

from collections.abc import Sequence

from services.cases import directory, reply_keys
from services.cases.actions.origin import section_of
from services.cases.model.reply_token import Side, make_token
from services.cases.model.thread import OURS, role_of
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Address
from services.contracts.plus_addresses import tagged
from services.messaging.transaction import Transaction


def reply_address(
    transaction: Transaction, case: CaseSnapshot, name: str, recipients: Sequence[Address]
) -> Address | None:
    """Where these recipients answer to; None where the section wants no such addresses.

    None also where its reply address is too long to carry a token. `name` is shown beside it.
    """
    section = section_of(transaction, case)
    if section is None or not section.plus_addresses or not section.reply_address:
        return None
    key = reply_keys.signing_key(transaction.connection)
    token = make_token(key, case.number, _side(transaction, case, recipients))
    address = tagged(section.reply_address, token)
    return Address(address=address, name=name) if address else None


def _side(transaction: Transaction, case: CaseSnapshot, recipients: Sequence[Address]) -> Side:
    """Ours, when each of them is: what goes to both sides must not let one speak as the other."""
    for one in recipients:
        user = directory.user_by_address(transaction.connection, one.address)
        staff = frozenset({one.address.lower()} if user else ())
        if role_of(one.address, case, None, staff) not in OURS:
            return "partner"
    return "staff"
