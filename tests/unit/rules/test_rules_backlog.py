"""Timed rules wait until the events that came in meanwhile are handled."""

from __future__ import annotations

import pytest

from services.rules import backlog
from services.rules.backlog import FULL_BATCH, LONGEST_WAIT_SECONDS, QUIET_SECONDS, Backlog


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(backlog, "monotonic", made)
    return made


def test_A10_it_is_done_with_the_first_batch_that_is_not_full(clock: Clock) -> None:
    waiting = Backlog()
    waiting.took(FULL_BATCH)
    assert not waiting.is_done()
    waiting.took(FULL_BATCH - 1)
    assert waiting.is_done()


def test_A10_it_is_done_when_nothing_comes(clock: Clock) -> None:
    waiting = Backlog()
    assert not waiting.is_done()
    clock.seconds = QUIET_SECONDS
    assert waiting.is_done()


def test_A10_under_lasting_load_timed_rules_are_late_but_not_for_ever(clock: Clock) -> None:
    waiting = Backlog()
    while clock.seconds < LONGEST_WAIT_SECONDS - 1:
        clock.seconds += 1
        waiting.took(FULL_BATCH)
        assert not waiting.is_done()
    clock.seconds += 1
    assert waiting.is_done()
    waiting.took(FULL_BATCH)
    assert waiting.is_done()
