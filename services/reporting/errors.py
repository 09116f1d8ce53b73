"""What can go wrong inside the reporting service."""

from __future__ import annotations


class ReportingError(Exception):
    """Base of this service's own errors."""


class AmountTooLarge(ReportingError):
    """An amount of money cannot be kept exactly; the message shows it."""


class RebuildUnderWay(ReportingError):
    """Another process is rebuilding the facts; wait until it has finished."""
