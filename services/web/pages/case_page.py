"""Rendering the page of one case, also with what went wrong on it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseView
from services.contracts.directory import Section
from services.runtime.identity import new_id
from services.web.access.asking import asking_user
from services.web.pages.answer_copies import shown_copies
from services.web.pages.case_form import kind_fields
from services.web.pages.custom_fields import shown_custom
from services.web.pages.discussion import description_apart, thread
from services.web.pages.history_words import history_lines
from services.web.pages.meeting_view import meeting_view, not_invited
from services.web.pages.moments import today, zone_of
from services.web.pages.recurrence import sentence
from services.web.pages.words import ATTENDANCE, RELATIONS
from services.web.wiring import wired

ATTENDANCE_ICONS = {
    "waiting": "clock",
    "accepted": "circle-check",
    "declined": "circle-x",
    "tentative": "user-question",
}


def case_page(case: CaseView, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page; `more` are the names of its template that differ from the plain view."""
    directory = wired().directory
    me = asking_user()
    place = more.get("in_place")
    shown: dict[str, Any] = {
        "case": case,
        "entries": thread(case.messages, zone_of(me.time_zone)),
        "description": description_apart(case),
        "history": history_lines(case.history, case.messages, me.time_zone),
        "kind_names": {kind.code: kind.name for kind in directory.kinds()},
        "may_escalate": _may_escalate(case),
        "custom": shown_custom(kind_fields(directory, case.kind), case.custom),
        "users": directory.users(),
        "user_names": {user.id: user.name for user in directory.users()},
        "relations": RELATIONS,
        "today": today(me.time_zone),
        "meeting": meeting_view(case, request.args.get("original", ""), me.time_zone),
        "uninvited": not_invited(case, _responsible_address(case)),
        "dated_kinds": {kind.code for kind in directory.kinds() if kind.dated},
        "attendance": ATTENDANCE,
        "attendance_icons": ATTENDANCE_ICONS,
        "key": new_id(),
        "editing": False,
        "conflict": None,
        "refusal": "",
        "draft": {},
        "copies": shown_copies(case, more.get("draft", {})),
        "sender": _sender(case),
        "in_place": None,
        "errors": {},
        "texts": {},
        "kept": (),
        "link": {},
        "link_errors": {},
        "action": {},
        "action_errors": {},
    }
    if place is not None:
        shown |= {"place_choices": place.choices(directory)}
    if more.get("editing"):
        shown |= {
            "sections": directory.sections(),
            "kinds": directory.kinds(),
            "categories": directory.categories(),
            "repeat_words": sentence(case.recurrence, case.start, case.time_zone)
            if case.start
            else "",
            "fields": kind_fields(directory, more.get("texts", {}).get("kind") or case.kind),
        }
    return render_template("case/case.html", **(shown | more)), status


def back_to(number: int, anchor: str | None = None) -> ResponseReturnValue:
    """To the case, so that loading the page again repeats nothing."""
    return redirect(url_for("case.show", number=number, _anchor=anchor), 303)


def _responsible_address(case: CaseView) -> str:
    if case.responsible is None:
        return ""
    id = case.responsible.id
    return next((one.address or "" for one in wired().directory.users() if one.id == id), "")


def _may_escalate(case: CaseView) -> bool:
    section = _section(case)
    return section is not None and (section.escalation_id or section.parent_id) is not None


def _sender(case: CaseView) -> str:
    """The address that an answer comes from; empty where it is not known yet."""
    section = _section(case)
    return (section.reply_address if section else "") or case.answer_from


def _section(case: CaseView) -> Section | None:
    if case.section is None:
        return None
    return next((s for s in wired().directory.sections() if s.id == case.section.id), None)
