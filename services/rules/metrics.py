"""What the rules service counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

FIRED = Counter("casewire_rules_fired_total", "Rules that fired")
STOPPED = Counter("casewire_rules_stopped_total", "Chains of rules that were cut")
FAILED = Counter("casewire_rules_failed_total", "Rules that broke while they were judged")
REHEARSALS = Counter("casewire_rules_rehearsals_total", "Rules that were tried on the past")
DUE = Gauge("casewire_rules_due", "Cases for which a timed rule is due and has not fired yet")
SWEEP_LAG = Gauge("casewire_rules_sweep_lag_seconds", "Lateness of the oldest timed rule due")
