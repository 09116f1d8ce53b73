"""What can go wrong inside the gateway."""

from __future__ import annotations


class GatewayError(Exception):
    """Base of the gateway's own errors."""


class UnreadableMail(GatewayError):
    """The bytes cannot be made a mail that somebody could answer; the message says why."""


class ServerRefused(GatewayError):
    """A mail server could not be reached or turned us away; the message says so in words."""


class UnreadableKey(GatewayError):
    """The key file does not open a stored password."""
