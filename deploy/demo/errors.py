"""Why the demo cannot go on."""

from __future__ import annotations


class DemoError(Exception):
    """The demo ends here; the message is for the person who started it, with the cure."""


class Refused(Exception):
    """The API would not take one request (409 or 422); the message is what it said."""


class Stale(Refused):
    """The case was changed meanwhile; read it again and repeat."""


class DoneBefore(Refused):
    """A run before has done this already, with what was so then."""
