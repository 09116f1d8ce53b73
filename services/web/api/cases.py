"""Cases."""

from __future__ import annotations

from apiflask import APIBlueprint, FileSchema
from flask import Response

from services.contracts.case_commands import (
    AddMessage,
    CaseQuestion,
    CaseView,
    ChangeCase,
    CreateCase,
    EscalateCase,
    MoveCase,
)
from services.contracts.case_views import CaseCounts, CountQuestion
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.web.access.asking import command_origin
from services.web.api.created import Created, created
from services.web.api.paging import Paged, page_by_place
from services.web.api.resolve import case_fields, case_question
from services.web.api.schemas.cases import (
    CaseChange,
    CaseCountFilter,
    CaseFilter,
    CaseList,
    Escalation,
    HistoryList,
    MessageList,
    NewCase,
    NewMessage,
    StateMove,
)
from services.web.attachments import OCTETS, download
from services.web.wiring import wired

blueprint = APIBlueprint("api_cases", __name__, url_prefix="/api/v1/cases", tag="Cases")


@blueprint.get("")
@blueprint.input(CaseFilter, location="query")
@blueprint.output(CaseList)
def list_cases(query_data: CaseFilter) -> CaseList:
    """List cases, in the order asked for."""
    question = read(CaseQuestion, case_question(query_data), "query")
    page = wired().cases.list_cases(question)
    return CaseList(items=page.items, next=page.next, previous=page.previous)


@blueprint.get("/counts")
@blueprint.input(CaseCountFilter, location="query")
@blueprint.output(CaseCounts)
def count_cases(query_data: CaseCountFilter) -> CaseCounts:
    """Count cases, by one thing that they have in common or by two."""
    asked = {"cases": case_question(query_data), "by": query_data.by, "then": query_data.then}
    return wired().cases.count(read(CountQuestion, asked, "query"))


@blueprint.post("")
@blueprint.input(NewCase)
@blueprint.output(CaseSnapshot, status_code=201)
def create_case(json_data: NewCase) -> Created[CaseSnapshot]:
    """Open a case."""
    fields = case_fields(wired().directory, json_data)
    command = CreateCase(**command_origin(), fields=fields, state=json_data.state)
    case = wired().cases.create(command)
    return created(case, f"cases/{case.number}")


@blueprint.get("/<int:number>")
@blueprint.output(CaseView)
def get_case(number: int) -> CaseView:
    """Get a case with its messages and history."""
    return wired().cases.get(number)


@blueprint.patch("/<int:number>")
@blueprint.input(CaseChange)
@blueprint.output(CaseSnapshot)
def change_case(number: int, json_data: CaseChange) -> CaseSnapshot:
    """Change fields of a case, and its state where one is given.

    Answers 409 with the `current` version when somebody changed it since yours.
    """
    fields = case_fields(wired().directory, json_data)
    command = ChangeCase(
        **command_origin(),
        number=number,
        version=json_data.version,
        fields=fields,
        state=json_data.state,
    )
    return wired().cases.change(command)


@blueprint.post("/<int:number>/state")
@blueprint.input(StateMove)
@blueprint.output(CaseSnapshot)
def move_case(number: int, json_data: StateMove) -> CaseSnapshot:
    """Change the state of a case.

    `moves` of a case lists the states it can go to; others are answered 409.
    """
    command = MoveCase(
        **command_origin(), number=number, version=json_data.version, state=json_data.state
    )
    return wired().cases.move(command)


@blueprint.post("/<int:number>/escalate")
@blueprint.input(Escalation)
@blueprint.output(CaseSnapshot)
def escalate_case(number: int, json_data: Escalation) -> CaseSnapshot:
    """Hand a case to the section above; its responsible goes on watching it."""
    command = EscalateCase(**command_origin(), number=number, version=json_data.version)
    return wired().cases.escalate(command)


@blueprint.get("/<int:number>/messages")
@blueprint.input(Paged, location="query")
@blueprint.output(MessageList)
def list_messages(number: int, query_data: Paged) -> MessageList:
    """List the entries of a case's discussion: mails, replies and notes."""
    page = page_by_place(wired().cases.get(number).messages, query_data)
    return MessageList(items=page.items, next=page.next)


@blueprint.get("/<int:number>/history")
@blueprint.input(Paged, location="query")
@blueprint.output(HistoryList)
def get_case_history(number: int, query_data: Paged) -> HistoryList:
    """List who changed a case, how and why."""
    page = page_by_place(wired().cases.get(number).history, query_data)
    return HistoryList(items=page.items, next=page.next)


@blueprint.post("/<int:number>/messages")
@blueprint.input(NewMessage)
@blueprint.output(CaseSnapshot, status_code=201)
def add_message(number: int, json_data: NewMessage) -> CaseSnapshot:
    """Answer a case, or leave an internal note on it; with files, where they were uploaded."""
    for place, one in enumerate(json_data.attachments):
        if not wired().files.has(one.sha256):
            raise InvalidRequest(f"attachments.{place}.sha256", "upload the file first")
    given = json_data.model_dump()
    command = AddMessage.model_validate({**command_origin(), "number": number, **given})
    return wired().cases.add_message(command)


@blueprint.get("/<int:number>/messages/<int:message>/attachments/<int:index>")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=OCTETS)
def get_attachment(number: int, message: int, index: int) -> Response:
    """Download an attachment, counted from 0 within its message."""
    return download(wired(), number, message, index)
