"""The reporting service."""

from __future__ import annotations

from services.contracts.reports import Report, ReportQuestion
from services.messaging.rpc_client import RpcClient


class ReportingClient:
    """Raises the errors of services.contracts.errors that reporting answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def report(self, question: ReportQuestion) -> Report:
        """The sums that the question asks for."""
        asked = question.model_dump(mode="json")
        return Report.model_validate(self._rpc.call("reporting", "report", question=asked))
