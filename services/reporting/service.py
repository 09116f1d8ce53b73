"""The doors of the reporting service; what happens behind them stands in actions/ and queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nameko.rpc import rpc
from pydantic import ValidationError

from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING, InvalidRequest
from services.contracts.reports import ReportQuestion
from services.messaging.bus import Provided
from services.messaging.consumer import consume
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.reporting import metrics, queries
from services.reporting.actions.take_in import take_in
from services.reporting.wiring import Wiring, build
from services.runtime.clock import now

# The broker holds no message that long but as a dead letter; one of those that comes a
# second time changes nothing, for it is older than the fact.
INBOX_DAYS = 30


class Service:
    """Facts about the cases, and reports on them. It announces nothing: it needs no relay."""

    name = "reporting"
    wired: Wiring = Provided(build)

    @consume("casewire.reporting")
    def take_in(self, messages: list[Envelope]) -> list[Failure]:
        return take_in(self.wired.transactions, messages)

    @every(seconds=lambda: 2.0)
    def observe(self) -> None:
        with self.wired.transactions.database.read() as connection:
            metrics.OPEN_CASES.set(queries.count_of_unclosed(connection))

    @every(seconds=lambda: 3600.0)
    def forget(self) -> None:
        with self.wired.transactions.begin() as transaction:
            before = now() - timedelta(days=INBOX_DAYS)
            self.wired.transactions.inbox.forget_before(transaction.connection, before)

    @rpc(expected_exceptions=CROSSING)
    def report(self, question: dict[str, Any]) -> dict[str, Any]:
        asked = _read(question)
        with self.wired.transactions.database.read() as connection:
            return queries.report(connection, asked).model_dump(mode="json")


def _read(question: dict[str, Any]) -> ReportQuestion:
    """Raises InvalidRequest naming the first field that does not fit."""
    try:
        return ReportQuestion.model_validate(question)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(one) for one in first["loc"]) or "question"
        raise InvalidRequest(field, first["msg"]) from error
