"""The doors of the reporting service; what happens behind them stands in actions/ and queries."""

from __future__ import annotations

from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING
from services.contracts.grades import DeleteGrading, SaveGrading, WhichGrading
from services.contracts.reading import read
from services.contracts.reports import ReportQuestion, SaveRates
from services.messaging.bus import Bus, Provided
from services.messaging.consumer import consume
from services.messaging.door import rpc
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.reporting import grades_shown, gradings, observing, queries
from services.reporting.actions.delete_grading import delete_grading
from services.reporting.actions.renew_facts import renew_facts
from services.reporting.actions.save_grading import save_grading
from services.reporting.actions.save_rates import save_rates
from services.reporting.actions.take_in import take_in
from services.reporting.actions.work_out_grades import work_out_grades
from services.reporting.rates import read_rates
from services.reporting.wiring import Wiring, build
from services.runtime.clock import now
from services.runtime.settings import Settings


class Service:
    """Facts about the cases, reports on them, and grades of suppliers."""

    name = "reporting"
    wired: Wiring = Provided(build)
    bus = Bus()

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

    @every(seconds=lambda: Settings.load().grading_interval_seconds)
    def work_out_grades(self) -> None:
        """Grade the suppliers anew; one process at a time."""
        if self.wired.turn.try_acquire():
            work_out_grades(self.wired.transactions, now())

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

    @rpc(expected_exceptions=CROSSING)
    def list_gradings(self) -> list[dict[str, Any]]:
        """Every grading of suppliers, by name."""
        with self.wired.transactions.database.read() as connection:
            return [one.model_dump(mode="json") for one in gradings.all_gradings(connection)]

    @rpc(expected_exceptions=CROSSING)
    def get_grading(self, id: int) -> dict[str, Any]:
        """One grading. Raises InvalidRequest, NotFound."""
        asked = read(WhichGrading, {"id": id}, "id")
        with self.wired.transactions.database.read() as connection:
            return gradings.get_grading(connection, asked.id).model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def save_grading(self, command: dict[str, Any]) -> dict[str, Any]:
        """Add or change a grading. Raises InvalidRequest, NotFound, StaleVersion."""
        return save_grading(self.wired.transactions, read(SaveGrading, command))

    @rpc(expected_exceptions=CROSSING)
    def delete_grading(self, command: dict[str, Any]) -> None:
        """Delete a grading. Raises InvalidRequest, NotFound, StaleVersion."""
        delete_grading(self.wired.transactions, read(DeleteGrading, command))

    @rpc(expected_exceptions=CROSSING)
    def show_grades(self, grading_id: int) -> dict[str, Any]:
        """The suppliers of a grading. Raises InvalidRequest, NotFound."""
        asked = read(WhichGrading, {"id": grading_id}, "grading_id")
        with self.wired.transactions.database.read() as connection:
            shown = grades_shown.show_grades(connection, asked.id, now())
        return shown.model_dump(mode="json")
