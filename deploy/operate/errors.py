"""Why a command came to nothing."""

from __future__ import annotations


class CannotDo(Exception):
    """The command was not carried out; the message says why and what to do."""
