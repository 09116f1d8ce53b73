"""The reporting service."""

from __future__ import annotations

from collections.abc import Callable

from services.contracts.grades import DeleteGrading, GradesShown, Grading, SaveGrading
from services.contracts.reports import Rates, Report, ReportQuestion, SaveRates, Seen
from services.messaging.rpc_client import RpcClient


class ReportingClient:
    """Raises the errors of services.contracts.errors that reporting answers with.

    `seen` answers what the user who asks may see; None is everything.
    """

    def __init__(self, rpc: RpcClient, seen: Callable[[], Seen | None] = lambda: None) -> None:
        self._rpc = rpc
        self._seen = seen

    def report(self, question: ReportQuestion) -> Report:
        """The sums that the question asks for."""
        asked = question.model_copy(update={"seen": self._seen()}).model_dump(mode="json")
        return Report.model_validate(self._rpc.call("reporting", "report", question=asked))

    def rates(self) -> Rates:
        """The table of rates that money is turned into another currency by."""
        return Rates.model_validate(self._rpc.call("reporting", "get_rates"))

    def save_rates(self, command: SaveRates) -> Rates:
        """Replace the whole table; raises StaleVersion where somebody else was faster."""
        asked = command.model_dump(mode="json")
        return Rates.model_validate(self._rpc.call("reporting", "save_rates", command=asked))

    def gradings(self) -> list[Grading]:
        """All gradings of suppliers, by name."""
        answer = self._rpc.call("reporting", "list_gradings")
        return [Grading.model_validate(one) for one in answer]

    def grading(self, grading_id: int) -> Grading:
        """One grading; raises NotFound."""
        return Grading.model_validate(self._rpc.call("reporting", "get_grading", id=grading_id))

    def save_grading(self, command: SaveGrading) -> Grading:
        """Add or change a grading."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        return Grading.model_validate(self._rpc.call("reporting", "save_grading", command=asked))

    def delete_grading(self, command: DeleteGrading) -> None:
        """Delete a grading; raises StaleVersion."""
        asked = command.model_dump(mode="json")
        self._rpc.call("reporting", "delete_grading", command=asked)

    def grades(self, grading_id: int) -> GradesShown:
        """The suppliers of a grading; raises NotFound."""
        answer = self._rpc.call("reporting", "show_grades", grading_id=grading_id)
        return GradesShown.model_validate(answer)
