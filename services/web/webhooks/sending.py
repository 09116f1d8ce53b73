"""Making one delivery that was taken: signed, sent, and kept how it went."""

from __future__ import annotations

from collections.abc import Sequence

from structlog import get_logger

from services.runtime.clock import now
from services.runtime.database import Database
from services.web import metrics
from services.web.access.seal import Seal, SealBroken
from services.web.webhooks.addresses import Network
from services.web.webhooks.outcome import Answered
from services.web.webhooks.posting import post
from services.web.webhooks.settling import settle, settle_test, settle_unreadable
from services.web.webhooks.signature import headers
from services.web.webhooks.taking import Taken

UNREADABLE = "its secret cannot be read any more, as the web key has changed: renew the secret"

log = get_logger()


class Sender:
    """Sends what was taken, from whichever thread."""

    def __init__(self, database: Database, seal: Seal, allowed: Sequence[Network]) -> None:
        self._database = database
        self._seal = seal
        self._allowed = allowed

    def send(self, taken: Taken) -> None:
        """Send it and keep how it went. Raises what the database raises.

        Dying in between leaves it due again: it is then sent once more, under the same id.
        """
        answered = self._post(taken)
        if answered is None:
            with self._database.write() as connection:
                settle_unreadable(connection, taken, UNREADABLE, now())
            metrics.WEBHOOK_TRIES.labels("failed").inc()
            return
        with self._database.write() as connection:
            found = settle(connection, taken, answered, now())
        metrics.WEBHOOK_TRIES.labels(found.kind).inc()
        if not answered.delivered:
            known = {"webhook": taken.webhook_id, "message": taken.message_id}
            log.warning("webhook failed", **known, outcome=found.kind, why=answered.words)

    def test(self, taken: Taken) -> Answered:
        """Send a test, once."""
        answered = self._post(taken) or Answered(None, UNREADABLE)
        with self._database.write() as connection:
            settle_test(connection, taken, answered, now())
        return answered

    def _post(self, taken: Taken) -> Answered | None:
        """None when the secret cannot be read."""
        try:
            held = [self._seal.open(one) for one in taken.sealed[:1]]
        except SealBroken:
            return None
        for one in taken.sealed[1:]:
            try:
                held.append(self._seal.open(one))
            except SealBroken:  # that of before: what it was sealed with is gone
                continue
        signed = headers(held, taken.message_id, now(), taken.body)
        return post(taken.address, taken.body.encode(), signed, self._allowed)
