"""Why a start came to nothing."""

from __future__ import annotations


class CannotStart(Exception):
    """Casewire cannot start; the message is one sentence for the operator, with the cure."""


class StopAsked(Exception):
    """The operator asked for the end while something was being waited for."""
