"""What the cases service shows to Prometheus besides the bus."""

from __future__ import annotations

from prometheus_client import Gauge

OPEN_CASES = Gauge("casewire_open_cases", "Cases in draft, open or pending")
