"""The calendar: dated cases by month, week, day and agenda, moved under the mouse (C1-C5)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from services.contracts.calendar import CalendarQuestion, MoveEvent
from services.contracts.directory import User
from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, StaleVersion
from services.web.access.asking import asking_user, command_origin
from services.web.headers import policy
from services.web.pages.calendar_events import drawn
from services.web.pages.calendar_words import calendar_words
from services.web.pages.case_question import read_question
from services.web.pages.faster import who_was_faster
from services.web.pages.form import Form
from services.web.pages.moments import zone_of
from services.web.pages.refusal_words import as_sentence, error_words, refusal_words
from services.web.pages.views import rest_of_question
from services.web.pages.words import hue
from services.web.saved_filters import may_share
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")

VIEWS = ("dayGridMonth", "timeGridWeek", "timeGridDay", "listWeek")
IN_THE_FORM = ("q", "state", "kind", "section_id", "who")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The page; the calendar itself asks for its events."""
    form, directory = Form(request.args), wired().directory
    asked = read_question(form, directory)
    people = _people(directory.users())
    chosen = _chosen(people)
    nonce = secrets.token_urlsafe(16)
    page = render_template(
        "calendar/calendar.html",
        question=asked.question,
        people=people,
        chosen={user.id for user in chosen},
        title=_title(people, chosen),
        calendar_words=calendar_words(),
        hue=hue,
        nonce=nonce,
        view=form.choice("view", VIEWS) or "timeGridWeek",
        day=form.text("date", longest=10) or "",
        rest=rest_of_question(*IN_THE_FORM),
        sections=directory.sections(),
        kinds=directory.kinds(),
        may_share=may_share(asking_user()),
    )
    response = make_response(page)
    # FullCalendar writes its own style sheet, with its arrows as a font, into the page.
    response.headers["Content-Security-Policy"] = policy(
        styles=f"'self' 'nonce-{nonce}'", fonts="'self' data:"
    )
    return response


@blueprint.get("/events")
def events() -> ResponseReturnValue:
    """What the calendar shows from `begin` to `end`, on the clock of whoever looks."""
    zone = zone_of(asking_user().time_zone)
    form, directory = Form(request.args), wired().directory
    asked = read_question(form, directory)
    try:
        begin, end = (_moment(request.args.get(name, ""), zone) for name in ("begin", "end"))
    except ValueError:
        told = gettext("Give a begin and an end such as 2026-11-25T00:00:00.")
        return jsonify(problem=told), 422
    chosen = _chosen(_people(directory.users()))
    question = CalendarQuestion(
        # A day more on either side: whole days begin in UTC, wherever one looks from.
        begin=begin - timedelta(days=1),
        end=end + timedelta(days=1),
        cases=asked.question.model_copy(update={"cursor": None, "sort": "newest"}),
        responsible_ids=tuple(user.id for user in chosen),
    )
    found = wired().cases.events_as_json(question)
    case_pages = url_for("case.show", number=0).removesuffix("0")
    return jsonify(items=drawn(found["items"], zone, case_pages), more=found["more"])


@blueprint.post("/move")
def move() -> ResponseReturnValue:
    """Carry a drag out; what stands in its way is told in a sentence, and the event goes back."""
    zone = zone_of(asking_user().time_zone)
    given = request.get_json(silent=True) or {}
    try:
        case = wired().cases.move_event(_command(given, zone))
    except (ValidationError, ValueError, TypeError):
        return jsonify(problem=gettext("That cannot be read; load the page again.")), 422
    except StaleVersion:
        return jsonify(problem=who_was_faster(wired().cases.get(int(given["number"])))), 409
    except (InvalidRequest, IllegalMove, NotFound) as error:
        if isinstance(error, InvalidRequest):
            told = refusal_words(error.what_to_do)
        else:
            told = error_words(error)
        return jsonify(problem=as_sentence(told)), 422
    return jsonify(number=case.number, version=case.version)


def _command(given: dict[str, Any], zone: tzinfo) -> MoveEvent:
    all_day = bool(given.get("all_day"))
    fields: dict[str, Any] = {"number": given["number"], "version": given["version"]}
    fields["scope"] = given.get("scope") or "all"
    if given.get("original"):
        fields["original"] = given["original"]
    if given.get("cancelled"):
        return MoveEvent.model_validate({**command_origin(), **fields, "cancelled": True})
    start = _moment(given["start"], UTC if all_day else zone)
    end = _moment(given["end"], UTC if all_day else zone) if given.get("end") else start
    fields |= {
        "start": start,
        "duration_minutes": max(0, int((end - start).total_seconds() // 60)),
        "all_day": all_day,
    }
    return MoveEvent.model_validate({**command_origin(), **fields})


def _moment(text: str, zone: tzinfo) -> datetime:
    """A clock time as the calendar gives it, whatever zone it puts behind. Raises ValueError."""
    return datetime.fromisoformat(text[:19]).replace(tzinfo=zone)


def _people(users: list[User]) -> list[User]:
    """Whom one can tick, by name."""
    active = (user for user in users if user.active and user.role != "read-only")
    return sorted(active, key=lambda user: user.name.casefold())


def _chosen(people: list[User]) -> list[User]:
    wanted = set(request.args.getlist("who"))
    return [user for user in people if str(user.id) in wanted]


def _title(people: list[User], chosen: list[User]) -> str:
    if len(chosen) == 1:
        return gettext("My calendar") if chosen[0].id == asking_user().id else chosen[0].name
    if len(chosen) in (0, len(people)):
        return gettext("Company calendar")
    return gettext("Calendar")
