"""What the gateway counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

FETCHED = Counter("casewire_mails_fetched_total", "Mails taken from IMAP and POP3 servers")
STORED = Counter("casewire_mails_stored_total", "Fetched mails that had not been stored before")
QUARANTINED = Counter("casewire_mails_quarantined_total", "Mails that could not be read")
SENT = Counter("casewire_mails_sent_total", "Mails that an SMTP server took")
SEND_FAILED = Counter(
    "casewire_mails_send_failed_total", "Mails given up, wholly or for some recipients"
)
WAITING_TO_SEND = Gauge("casewire_mails_waiting_to_send", "Mails ordered and not yet sent")
FETCH_FAILED = Counter(
    "casewire_fetch_failures_total", "Fetches that failed, by account", ["account"]
)
FETCH_LAG = Gauge(
    "casewire_fetch_lag_seconds", "Since the account was last fetched, by account", ["account"]
)
