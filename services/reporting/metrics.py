"""What the reporting service shows to Prometheus besides the bus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

EVENTS = Counter("casewire_reporting_events_total", "Events taken into the facts", ["type"])
OPEN_CASES = Gauge("casewire_open_cases", "Cases in draft, open or pending, by the facts")
