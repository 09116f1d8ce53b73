"""A rule that breaks is tried again after ever longer pauses (A4)."""

from __future__ import annotations

from services.rules.model.pause import pause_after


def test_A4_pauses_grow_to_a_day() -> None:
    minutes = [pause_after(attempts).total_seconds() / 60 for attempts in range(1, 8)]
    assert minutes == [1, 5, 30, 120, 1440, 1440, 1440]
