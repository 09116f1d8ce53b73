"""What the reporting service shows to Prometheus besides the bus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from services.runtime.clock import now

HOUR, DAY = 3_600, 86_400
# 1, 4 and 8 hours, 1, 2 and 3 days, 1 and 2 weeks, a month of 30 days; in seconds.
DELAYS = (HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)

EVENTS = Counter("casewire_reporting_events_total", "Events taken into the facts", ["type"])


@dataclass(frozen=True)
class OpenCases:
    """The open cases by section's name ("" is none) and state, and when the oldest was opened."""

    counts: Mapping[tuple[str, str], int]
    oldest: Mapping[str, datetime]


@dataclass(frozen=True)
class Delays:
    """How many closed cases took at most each of DELAYS, how many there are, seconds in all."""

    at_most: Sequence[int]
    count: int
    seconds: float


class CaseMetrics(Collector):
    """Shows what was seen last, and nothing before something was; a scrape asks no database.

    The histogram is of the cases that are closed now: one that is opened again leaves it. So
    its numbers can fall, and `rate` and `increase` of Prometheus would take that for a restart.
    """

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self.open_cases: OpenCases | None = None
        self.delays: Delays | None = None

    def collect(self) -> Iterator[Metric]:
        """The metrics as they stand at this moment: an age grows between two looks."""
        if self.open_cases is not None:
            yield from self._of_open(self.open_cases)
        if self.delays is not None:
            yield _histogram(self.delays)

    def _of_open(self, seen: OpenCases) -> Iterator[Metric]:
        counts = GaugeMetricFamily(
            "casewire_open_cases",
            "Cases in draft, open or pending, by the facts",
            labels=["section", "state"],
        )
        for labels, count in seen.counts.items():
            counts.add_metric(labels, count)
        yield counts
        ages = GaugeMetricFamily(
            "casewire_oldest_open_case_age_seconds",
            "Time since the oldest case in draft, open or pending was opened",
            labels=["section"],
        )
        for section, opened in seen.oldest.items():
            ages.add_metric([section], (self._clock() - opened).total_seconds())
        yield ages


def _histogram(delays: Delays) -> Metric:
    buckets = [
        (f"{edge:.1f}", float(at_most))
        for edge, at_most in zip(DELAYS, delays.at_most, strict=True)
    ]
    return HistogramMetricFamily(
        "casewire_case_delay_seconds",
        "Time from opening to closing of the cases that are closed now; it can fall: no rate()",
        buckets=[*buckets, ("+Inf", float(delays.count))],
        sum_value=delays.seconds,
    )


CASES = CaseMetrics()
REGISTRY.register(CASES)
