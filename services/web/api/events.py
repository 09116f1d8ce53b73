"""The calendar: meetings, which are cases with a start."""

from __future__ import annotations

from apiflask import APIBlueprint

from services.contracts.calendar import CalendarQuestion, MoveEvent
from services.contracts.cases import CaseSnapshot
from services.contracts.reading import read
from services.web.access.asking import command_origin
from services.web.api.resolve import case_question
from services.web.api.schemas.events import EventFilter, EventList, EventMove
from services.web.wiring import wired

blueprint = APIBlueprint("api_events", __name__, url_prefix="/api/v1", tag="Calendar")


@blueprint.get("/calendar-events")
@blueprint.input(EventFilter, location="query")
@blueprint.output(EventList)
def list_events(query_data: EventFilter) -> EventList:
    """List the meetings within a window of time."""
    asked = query_data
    people = asked.responsible_ids.split(",") if asked.responsible_ids else ()
    window = {"begin": asked.begin, "end": asked.end, "responsible_ids": people}
    question = read(CalendarQuestion, {**window, "cases": case_question(asked)}, "query")
    found = wired().cases.list_events(question)
    return EventList(items=list(found.items), more=found.more)


@blueprint.post("/cases/<int:number>/event")
@blueprint.input(EventMove)
@blueprint.output(CaseSnapshot)
def move_event(number: int, json_data: EventMove) -> CaseSnapshot:
    """Move a meeting, or take it out, and answer its case.

    With the scope "following" of a series, that is the new case which goes on from there.
    """
    given = json_data.model_dump(exclude_unset=True)
    command = read(MoveEvent, {**command_origin(), "number": number, **given})
    return wired().cases.move_event(command)
