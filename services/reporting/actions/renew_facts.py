"""Facts that an older release made are made anew by the service itself."""

from __future__ import annotations

import structlog

from services.contracts.errors import ServiceAway
from services.messaging.transaction import Transactions
from services.reporting import store
from services.reporting.actions.read_log import ReadEvents
from services.reporting.actions.rebuild_facts import rebuild_facts
from services.reporting.errors import RebuildUnderWay

log = structlog.get_logger()


def renew_facts(transactions: Transactions, read_events: ReadEvents) -> None:
    """Rebuild where that is wanted; what stands in the way is told, and tried again later."""
    with transactions.database.read() as connection:
        if not store.rebuild_is_wanted(connection):
            return
    log.info("facts of an older release are made anew")
    try:
        rebuilt = rebuild_facts(transactions, read_events)
    except (ServiceAway, RebuildUnderWay) as error:
        log.warning("facts wait to be made anew", error=str(error))
        return
    log.info("facts were made anew", facts=rebuilt.facts, events=rebuilt.events)
