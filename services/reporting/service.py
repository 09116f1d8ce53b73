"""The doors of the reporting service; what happens behind them stands in actions/ and queries."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING
from services.contracts.reading import read
from services.contracts.reports import ReportQuestion, SaveRates
from services.messaging.bus import Provided
from services.messaging.consumer import consume
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.reporting import observing, queries
from services.reporting.actions.renew_facts import renew_facts
from services.reporting.actions.save_rates import save_rates
from services.reporting.actions.take_in import take_in
from services.reporting.rates import read_rates
from services.reporting.wiring import Wiring, build


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
            observing.observe(connection)

    @every(seconds=lambda: 30.0)
    def renew(self) -> None:
        renew_facts(self.wired.transactions, self.wired.read_events)

    @every(seconds=lambda: 3600.0)
    def forget(self) -> None:
        with self.wired.transactions.begin() as transaction:
            self.wired.transactions.inbox.forget_old(transaction.connection)

    @rpc(expected_exceptions=CROSSING)
    def report(self, question: dict[str, Any]) -> dict[str, Any]:
        asked = read(ReportQuestion, question, "question")
        with self.wired.transactions.database.read() as connection:
            return queries.report(connection, asked)

    @rpc(expected_exceptions=CROSSING)
    def get_rates(self) -> dict[str, Any]:
        with self.wired.transactions.database.read() as connection:
            return read_rates(connection).model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def save_rates(self, command: dict[str, Any]) -> dict[str, Any]:
        asked = read(SaveRates, command)
        return save_rates(self.wired.transactions, asked).model_dump(mode="json")
