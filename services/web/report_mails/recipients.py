"""To whom a report may be mailed: managers to anybody, all others to themselves."""

from __future__ import annotations

from collections.abc import Sequence

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest
from services.web.access.roles import role_suffices
from services.web.pages.answer_copies import ADDRESS, LONGEST_ADDRESS

MOST = 20
# Address and name of each.
Recipients = tuple[tuple[str, str], ...]


def may_send_to_others(user: User) -> bool:
    """Whether he may have a report sent to somebody else."""
    return role_suffices(user.role, "manager")


def recipients_of(owner: User, addresses: Sequence[str]) -> Recipients:
    """Address and name of each; without addresses the owner himself.

    Raises InvalidRequest naming `recipients` for somebody he may not send it to, or for an owner
    without an address.
    """
    own = (owner.address or "").strip()
    if not addresses and not own:
        raise InvalidRequest("recipients", "its owner has no mail address: give one")
    if any(one.casefold() != own.casefold() for one in addresses) and not may_send_to_others(owner):
        raise InvalidRequest("recipients", "only a manager may have it sent to others")
    return tuple(
        (one, owner.name if one.casefold() == own.casefold() else "") for one in addresses or (own,)
    )


def checked_addresses(given: Sequence[str]) -> list[str]:
    """Each once, as they are kept. Raises InvalidRequest for what is no address, or too many."""
    found = {one.strip().casefold(): one.strip() for one in given if one.strip()}
    if len(found) > MOST:
        raise InvalidRequest("recipients", f"at most {MOST} addresses")
    for one in found.values():
        if len(one) > LONGEST_ADDRESS or not ADDRESS.fullmatch(one):
            raise InvalidRequest("recipients", f"{one[:100]!r} is no mail address")
    return list(found.values())
