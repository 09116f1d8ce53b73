"""The names of time zones, read from disk once."""

from __future__ import annotations

from zoneinfo import available_timezones

TIME_ZONES = frozenset(available_timezones())
