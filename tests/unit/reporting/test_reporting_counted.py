"""Which events are counted, and delays in steps."""

from __future__ import annotations

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.model.counted import Counted
from services.reporting.model.steps import hours_of, percentile, step_of

VERSIONS = st.lists(st.integers(1, 30))
DELAYS = st.lists(st.integers(1_000, 3 * 365 * 86_400_000), min_size=1)


@given(batches=st.lists(VERSIONS))
def test_R1_what_was_counted_is_known_however_it_came(batches: list[list[int]]) -> None:
    counted = Counted()
    for batch in batches:
        counted = counted.and_(batch)
    come = {version for batch in batches for version in batch}
    assert {version for version in range(1, 32) if version in counted} == come
    assert len(counted) == len(come)
    assert counted.upto + 1 not in counted.beyond


@given(milliseconds=st.integers(1_000, 30 * 365 * 86_400_000))
def test_R1_a_delay_is_off_by_no_more_than_two_percent(milliseconds: int) -> None:
    hours = milliseconds / 3_600_000
    assert abs(hours_of(step_of(milliseconds)) - hours) <= 0.02 * hours


@given(delays=DELAYS, share=st.sampled_from([0.5, 0.9]))
def test_R1_a_percentile_is_that_of_the_nearest_rank(delays: list[int], share: float) -> None:
    steps = Counter(map(step_of, delays))
    exact = sorted(delays)[ceil(share * len(delays)) - 1]
    assert percentile(steps, share) == hours_of(step_of(exact))


def test_R1_without_a_case_there_is_no_percentile() -> None:
    assert percentile({}, 0.5) is None
    assert percentile({3: 0}, 0.5) is None


def test_R1_what_took_no_time_took_none() -> None:
    assert hours_of(step_of(0)) == hours_of(step_of(-5)) == 0
