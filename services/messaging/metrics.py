"""What the bus counts, in each service's process."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter(
    "casewire_messages_published_total", "Messages confirmed by the broker", ["type"]
)
UNROUTABLE = Counter("casewire_messages_unroutable_total", "Messages no queue would take", ["type"])
HANDLED = Counter("casewire_messages_handled_total", "Messages that took effect", ["queue", "type"])
RETRIED = Counter("casewire_messages_retried_total", "Messages put off after a failure", ["queue"])
DEAD = Counter("casewire_messages_dead_lettered_total", "Messages given up", ["queue"])
OUTBOX_DEPTH = Gauge("casewire_outbox_depth", "Messages committed and not yet published")
OUTBOX_AGE = Gauge("casewire_outbox_oldest_age_seconds", "Age of the oldest unpublished message")
QUEUE_DEPTH = Gauge("casewire_queue_depth", "Messages that wait in the queue", ["queue"])
DEAD_LETTERS = Gauge("casewire_dead_letters", "Given-up messages that wait", ["queue"])
HANDLER_SECONDS = Histogram(
    "casewire_handler_seconds", "Time to handle one batch and commit it", ["queue"]
)
RPC_SECONDS = Histogram(
    "casewire_rpc_seconds",
    "Time until another service answered",
    ["asked", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
RPC_FAILURES = Counter(
    "casewire_rpc_failures_total",
    "Questions that another service did not answer (away), or broke on (broken)",
    ["asked", "reason"],
)
PERIODIC_FAILURES = Counter(
    "casewire_periodic_failures_total", "Failed runs of timed work", ["task"]
)
