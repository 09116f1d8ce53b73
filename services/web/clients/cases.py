"""The cases service: cases and what is done with them."""

from __future__ import annotations

from services.contracts.case_commands import (
    AddMessage,
    CaseQuestion,
    CaseView,
    ChangeCase,
    CreateCase,
    EscalateCase,
    MoveCase,
)
from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Command
from services.messaging.rpc_client import RpcClient
from services.web.clients.page import Page, read_page


class CasesClient:
    """Each method raises the errors of services.contracts.errors that cases answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def get(self, number: int) -> CaseView:
        """A case with its discussion and history."""
        return CaseView.model_validate(self._rpc.call("cases", "get_case", number=number))

    def list_cases(self, question: CaseQuestion) -> Page[CaseSnapshot]:
        """The cases that the question is about, the newest first."""
        asked = question.model_dump(mode="json")
        return read_page(CaseSnapshot, self._rpc.call("cases", "list_cases", question=asked))

    def create(self, command: CreateCase) -> CaseSnapshot:
        """Open a case."""
        return self._carry_out("create_case", command)

    def change(self, command: ChangeCase) -> CaseSnapshot:
        """Change the fields that the command sets."""
        return self._carry_out("change_case", command)

    def move(self, command: MoveCase) -> CaseSnapshot:
        """Change the state."""
        return self._carry_out("move_case", command)

    def escalate(self, command: EscalateCase) -> CaseSnapshot:
        """Hand the case to the section above."""
        return self._carry_out("escalate_case", command)

    def add_message(self, command: AddMessage) -> CaseSnapshot:
        """Answer, or leave an internal note."""
        return self._carry_out("add_message", command)

    def _carry_out(self, method: str, command: Command) -> CaseSnapshot:
        # Only what was set is sent: a field left out stays, a field set to null is emptied.
        asked = command.model_dump(mode="json", exclude_unset=True)
        return CaseSnapshot.model_validate(self._rpc.call("cases", method, command=asked))
