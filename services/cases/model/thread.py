"""Whose voice a mail has on a case, and what it may do there: docs/decisions/0003, as code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.contracts.cases import CaseSnapshot

Role = Literal["responsible", "staff", "reader", "our_watcher", "partner", "watcher", "stranger"]
Proof = Literal["message", "token", "thread", "number"]
Level = Literal["proven", "thread", "number"]

OURS = frozenset({"responsible", "staff", "reader", "our_watcher"})
PROVING = frozenset({"message", "token"})


@dataclass(frozen=True)
class Rights:
    """What a mail may do.

    `joins`: it is kept on the case (else it makes one of its own); `speaks`: the partner's side
    hears it; `closes`, `reopens`: it does so where the section wants that.
    """

    joins: bool = True
    speaks: bool = False
    closes: bool = False
    reopens: bool = False


_ANSWERS = Rights(speaks=True, closes=True)
_HELPS = Rights(speaks=True)
_IS_NOTED = Rights()
_PARTNER = Rights(speaks=True, closes=True, reopens=True)
_WATCHER = Rights(speaks=True, reopens=True)
_IS_HEARD_BY_OURS = Rights(reopens=True)
_NOTHING = Rights(joins=False)

POLICY: dict[Role, dict[Level, Rights]] = {
    "responsible": {"proven": _ANSWERS, "thread": _IS_NOTED, "number": _IS_NOTED},
    "staff": {"proven": _ANSWERS, "thread": _IS_NOTED, "number": _IS_NOTED},
    "reader": {"proven": _IS_NOTED, "thread": _IS_NOTED, "number": _IS_NOTED},
    "our_watcher": {"proven": _HELPS, "thread": _IS_NOTED, "number": _IS_NOTED},
    "partner": {
        "proven": _PARTNER,
        "thread": _IS_HEARD_BY_OURS,
        "number": _IS_HEARD_BY_OURS,
    },
    "watcher": {
        "proven": _WATCHER,
        "thread": _IS_HEARD_BY_OURS,
        "number": _IS_HEARD_BY_OURS,
    },
    "stranger": {
        "proven": _IS_HEARD_BY_OURS,
        "thread": _IS_HEARD_BY_OURS,
        "number": _NOTHING,
    },
}

_ROLES: dict[Role, str] = {
    "responsible": "the responsible",
    "staff": "a user of ours",
    "reader": "a user of ours who may only read",
    "our_watcher": "a watcher on our side",
    "partner": "the partner's contact",
    "watcher": "a watcher on the partner's side",
    "stranger": "nobody who belongs to the case",
}
_PROOFS: dict[Proof, str] = {
    "message": "he answers a mail that we sent to his address",
    "token": "he writes to the signed address that his side was given",
    "thread": "he knows the thread, but answers no mail that we sent to his address",
    "number": "he knows the case's number, and did not answer a mail of ours",
}
_FAILED = "our mail server found that his mail does not come from whom it says"


@dataclass(frozen=True)
class Standing:
    """What the sender of a mail is to a case, how he shows it, and what our server found of it.

    `authentication` is that of MailReceivedData. "fail" takes the proof away, for then another
    holds it. "" leaves it: many honest domains sign nothing, and the proof was never the From.
    """

    role: Role
    proof: Proof
    authentication: Literal["", "pass", "fail"] = ""

    @property
    def is_ours(self) -> bool:
        """Somebody who answers for us, not to us."""
        return self.role in OURS

    @property
    def verified(self) -> bool:
        """Whether he has shown to be who he says."""
        return self.proof in PROVING and self.authentication != "fail"

    @property
    def rights(self) -> Rights:
        """What his mail may do."""
        if self.verified:
            return POLICY[self.role]["proven"]
        return POLICY[self.role]["number" if self.proof == "number" else "thread"]

    @property
    def doubt(self) -> str:
        """What is said beside his mail; empty for a verified one."""
        if self.verified:
            return ""
        return f"unverified: {_FAILED if self.authentication == 'fail' else _PROOFS[self.proof]}"

    @property
    def told(self) -> str:
        """All of it in words."""
        return f"its sender is {_ROLES[self.role]}, {self.doubt or 'verified: ' + self._shown}"

    @property
    def _shown(self) -> str:
        passed = ", and our mail server found nothing wrong with his domain"
        return _PROOFS[self.proof] + (passed if self.authentication == "pass" else "")


def role_of(
    address: str,
    case: CaseSnapshot,
    responsible_address: str | None,
    staff_addresses: frozenset[str],
    readers: frozenset[str] = frozenset(),
) -> Role:
    """What an address is to a case; addresses are compared in lower case.

    `readers` are those of the staff who may only read.
    """
    address = address.lower()
    if responsible_address and address == responsible_address.lower():
        return "reader" if address in readers else "responsible"
    by_case = _on_the_case(address, case)
    if by_case in ("partner", "watcher"):
        return by_case
    if address in staff_addresses:
        return "reader" if address in readers else "staff"
    return by_case


def _on_the_case(address: str, case: CaseSnapshot) -> Role:
    watching = next((one for one in case.watchers if one.address.lower() == address), None)
    if watching is not None and watching.side == "staff":
        return "our_watcher"
    if case.contact is not None and case.contact.address.lower() == address:
        return "partner"
    return "watcher" if watching is not None else "stranger"
