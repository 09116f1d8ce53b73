"""What can go wrong inside the cases service and does not concern a caller by itself."""

from __future__ import annotations


class CasesError(Exception):
    """Base of this service's own errors."""


class ActionFailed(CasesError):
    """An action of a rule cannot be carried out; the message says which and why."""


class CarriedOutMeanwhile(CasesError):
    """The same command has just been carried out by another worker; ask again for its answer."""
