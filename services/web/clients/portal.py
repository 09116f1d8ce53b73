"""The cases service as a partner's contact reaches it: by the token of his link, as no user."""

from __future__ import annotations

from services.contracts.envelope import Command
from services.contracts.portal import (
    AnswerByPortal,
    AskForCases,
    CloseByPortal,
    PortalPlace,
    PortalView,
)
from services.messaging.rpc_client import RpcClient


class PortalClient:
    """Each method raises NotFound for a link that opens nothing."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def view(self, token: str) -> PortalView:
        """The case, or the list of cases, that the link opens."""
        return PortalView.model_validate(self._rpc.call("cases", "portal_view", token=token))

    def answer(self, command: AnswerByPortal) -> str:
        """Write on the case; the token of the case that the answer stands on."""
        return self._command("portal_answer", command)

    def close(self, command: CloseByPortal) -> str:
        """Close the case; its token."""
        return self._command("portal_close", command)

    def ask_for_cases(self, command: AskForCases) -> None:
        """Have a link to all his cases mailed to the contact."""
        self._command("portal_ask_for_cases", command)

    def _command(self, method: str, command: Command) -> str:
        answer = self._rpc.call("cases", method, command=command.model_dump(mode="json"))
        return PortalPlace.model_validate(answer).token
