"""The cases service: cases and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.contracts.calendar import CalendarEvents, CalendarQuestion, MoveEvent, SendInvitation
from services.contracts.case_commands import (
    AddMessage,
    CaseGlance,
    CaseQuestion,
    CaseView,
    ChangeCase,
    ChangeCases,
    CreateCase,
    DueAction,
    EscalateCase,
    LinkCases,
    MergeCase,
    MoveCase,
    QualityAction,
    SaveQualityAction,
    SplitCase,
    UnlinkCases,
)
from services.contracts.case_views import (
    Board,
    BoardQuestion,
    CaseCounts,
    CaseGroups,
    CountQuestion,
    GroupQuestion,
    Neighbours,
)
from services.contracts.cases import CaseSnapshot
from services.contracts.envelope import Command, Part
from services.contracts.portal import EndPortalLinks
from services.messaging.rpc_client import RpcClient
from services.web.clients.page import Page, read_page

_AboutCases = BoardQuestion | CalendarQuestion | CountQuestion | GroupQuestion


class Refusal(Part):
    """A case that could not be changed with the others."""

    number: int
    why: str


class Outcome(Part):
    """What became of a change of several cases."""

    changed: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    refused: tuple[Refusal, ...] = ()


class TagCount(Part):
    """A tag, and how many cases carry it."""

    tag: str
    count: int


class CasesClient:
    """Each method raises the errors of services.contracts.errors that cases answers with.

    `asker` answers whom cases are asked for: he is shown what he may see, and no method can
    forget him. Commands carry him by themselves.
    """

    def __init__(self, rpc: RpcClient, asker: Callable[[], int | None] = lambda: None) -> None:
        self._rpc = rpc
        self._asker = asker

    def get(self, number: int) -> CaseView:
        """A case with its discussion and history."""
        found = self._rpc.call("cases", "get_case", number=number, asker_id=self._asker())
        return CaseView.model_validate(found)

    def glance(self, number: int) -> CaseGlance:
        """That he may see the case, and its version; much cheaper than the case itself."""
        found = self._rpc.call("cases", "glance_at_case", number=number, asker_id=self._asker())
        return CaseGlance.model_validate(found)

    def list_cases(self, question: CaseQuestion) -> Page[CaseSnapshot]:
        """A page of the cases that the question is about."""
        asked = self._for_asker(question).model_dump(mode="json")
        return read_page(CaseSnapshot, self._rpc.call("cases", "list_cases", question=asked))

    def board(self, question: BoardQuestion) -> Board:
        """The cases of the question in columns by their state."""
        return Board.model_validate(self._ask("get_board", question))

    def count(self, question: CountQuestion) -> CaseCounts:
        """How many cases the question finds, by what they have in common."""
        return CaseCounts.model_validate(self._ask("count_cases", question))

    def list_groups(self, question: GroupQuestion) -> CaseGroups:
        """The groups of the question's cases, and the first ones of those opened."""
        return CaseGroups.model_validate(self._ask("list_groups", question))

    def neighbours(self, question: CaseQuestion, number: int) -> Neighbours:
        """The cases before and behind one in a list."""
        asked = self._for_asker(question).model_dump(mode="json")
        found = self._rpc.call("cases", "find_neighbours", question=asked, number=number)
        return Neighbours.model_validate(found)

    def list_events(self, question: CalendarQuestion) -> CalendarEvents:
        """The meetings in a window of time."""
        return CalendarEvents.model_validate(self.events_as_json(question))

    def events_as_json(self, question: CalendarQuestion) -> dict[str, Any]:
        """The same as CalendarEvents in JSON: for a page that shows thousands of them at once."""
        return {"items": [], "more": False, **self._ask("list_events", question)}

    def move_event(self, command: MoveEvent) -> CaseSnapshot:
        """Move a meeting, or take it out."""
        return self._carry_out("move_event", command)

    def send_invitation(self, command: SendInvitation) -> CaseSnapshot:
        """Invite those on the case who were not invited to its meeting yet."""
        return self._carry_out("send_invitation", command)

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

    def merge(self, command: MergeCase) -> CaseSnapshot:
        """Merge a case into another; answers the one that stays."""
        return self._carry_out("merge_case", command)

    def split(self, command: SplitCase) -> CaseSnapshot:
        """Make a case of a message; answers the new one."""
        return self._carry_out("split_case", command)

    def link(self, command: LinkCases) -> CaseSnapshot:
        """Link two cases."""
        return self._carry_out("link_cases", command)

    def unlink(self, command: UnlinkCases) -> CaseSnapshot:
        """Take all links between two cases away."""
        return self._carry_out("unlink_cases", command)

    def change_several(self, command: ChangeCases) -> Outcome:
        """Change a selection, each case on its own."""
        return Outcome.model_validate(self._command("change_cases", command))

    def save_quality_action(self, command: SaveQualityAction) -> QualityAction:
        """Add a corrective or preventive action, or change one."""
        return QualityAction.model_validate(self._command("save_quality_action", command))

    def quality_actions(
        self, owner_id: int | None, done: bool, cursor: str | None = None, limit: int = 50
    ) -> Page[DueAction]:
        """A page of the actions of all cases (of one owner), those due first before others."""
        asked = {"owner_id": owner_id, "done": done, "cursor": cursor, "limit": limit}
        asked["asker_id"] = self._asker()
        return read_page(DueAction, self._rpc.call("cases", "list_quality_actions", **asked))

    def end_portal_links(self, command: EndPortalLinks) -> CaseSnapshot:
        """End every link to the case that its contact was mailed so far."""
        return self._carry_out("end_portal_links", command)

    def tags(self) -> list[TagCount]:
        """The tags in use, the most used first."""
        found = self._rpc.call("cases", "list_tags", asker_id=self._asker())
        return [TagCount.model_validate(tag) for tag in found]

    def _for_asker(self, question: CaseQuestion) -> CaseQuestion:
        return question.model_copy(update={"asker_id": self._asker()})

    def _ask(self, method: str, question: _AboutCases) -> Any:
        asked = question.model_copy(update={"cases": self._for_asker(question.cases)})
        return self._rpc.call("cases", method, question=asked.model_dump(mode="json"))

    def _carry_out(self, method: str, command: Command) -> CaseSnapshot:
        return CaseSnapshot.model_validate(self._command(method, command))

    def _command(self, method: str, command: Command) -> Any:
        # Only what was set is sent: a field left out stays, a field set to null is emptied.
        asked = command.model_dump(mode="json", exclude_unset=True)
        return self._rpc.call("cases", method, command=asked)
