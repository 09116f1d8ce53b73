"""What can go wrong inside the gateway."""

from __future__ import annotations


class GatewayError(Exception):
    """Base of the gateway's own errors."""


class UnreadableMail(GatewayError):
    """The bytes cannot be made a mail that somebody could answer; the message says why."""


class ServerRefused(GatewayError):
    """A mail server could not be reached or turned us away; the message says so in words."""


class LoginRefused(ServerRefused):
    """It does not take the login, its password or its token."""


class NoToken(GatewayError):
    """No access token can be had to sign in with; the message says why, without secrets."""


class MailWithheld(GatewayError):
    """The server does not hand out this mail; the message says so in its words."""


class NotSettled(GatewayError):
    """The server marks, moves or deletes no mail here; the message says why in words."""


class FetchedElsewhere(GatewayError):
    """Another process, or another thread, fetches this account just now."""


class NoPush(GatewayError):
    """The server does not tell of new mail by itself."""


class UnreadableKey(GatewayError):
    """The key file does not open a stored password."""


class UnusableSigningKey(GatewayError):
    """A key cannot sign mails; the message says why, without the key."""


def told(error: BaseException) -> str:
    """What people get to read of an error; of a fault of ours only its kind, for it may hold
    anything. The log has the rest."""
    if isinstance(error, GatewayError):
        return str(error)
    return f"something went wrong here ({type(error).__name__}); the log says more"
