"""One field of a case, changed where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import CaseFields, CaseView, ChangeCase
from services.contracts.errors import InvalidRequest, StaleVersion
from services.web.access.asking import asking_user, command_origin
from services.web.clients.directory import DirectoryClient
from services.web.pages.case_form import changed_fields, one_line_end, texts_of
from services.web.pages.case_page import back_to, case_page
from services.web.pages.conflict import FORM_FIELD, find_conflict
from services.web.pages.form import Form
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES
from services.web.translation import gettext, gettext_noop, pgettext
from services.web.wiring import wired

blueprint = Blueprint("field_in_place", __name__, url_prefix="/cases/<int:number>/fields/<name>")

# What its page calls each field that can be changed so.
FIELDS = Words(
    {
        "responsible_id": gettext_noop("Responsible"),
        "priority": gettext_noop("Priority"),
        "section_id": gettext_noop("Section"),
        "category_id": gettext_noop("Category"),
        "partner": gettext_noop("Partner"),
        "contact_address": gettext_noop("Contact"),
        "deadline": gettext_noop("Due"),
        "response_deadline": gettext_noop("Answer due"),
    }
)
TRIES = 3  # mails come in while somebody saves; each makes a version


@dataclass(frozen=True)
class InPlace:
    """The field that stands open, with what is written in it.

    `theirs`: what somebody else made of it meanwhile, None if nobody did; `by` says who.
    """

    name: str
    text: str
    error: str = ""
    theirs: str | None = None
    by: str = ""

    @property
    def label(self) -> str:
        """What the page calls it."""
        return FIELDS[self.name]

    def choices(self, directory: DirectoryClient) -> list[tuple[str, str]]:
        """What it is chosen from, nothing included; none for a field that is written."""
        match self.name:
            case "priority":
                return list(PRIORITIES.items())
            case "responsible_id":
                return [
                    ("", gettext("Nobody")),
                    *self._still((u.id, u.name, u.active) for u in directory.users()),
                ]
            case "section_id":
                return [
                    ("", pgettext("section", "None")),
                    *self._still((s.id, s.name, s.active) for s in directory.sections()),
                ]
            case "category_id":
                return [
                    ("", pgettext("category", "None")),
                    *self._still((c.id, c.path, c.active) for c in directory.categories()),
                ]
            case _:
                return []

    def _still(self, things: Iterable[tuple[int, str, bool]]) -> list[tuple[str, str]]:
        """The active ones, and the one that is chosen already."""
        return [(str(id), name) for id, name, active in things if active or str(id) == self.text]


@blueprint.get("")
def edit(number: int, name: str) -> ResponseReturnValue:
    """The case with this field open."""
    _refuse_unknown(name)
    case = wired().cases.get(number)
    text = texts_of(case, asking_user().time_zone)[name]
    return case_page(case, in_place=InPlace(name, text))


@blueprint.post("")
def save(number: int, name: str) -> ResponseReturnValue:
    """Save it on top of whatever else happened to the case.

    Answers 409 with both values only when somebody else changed this very field.
    """
    _refuse_unknown(name)
    form = Form(request.form)
    held = form.number("version", low=1)
    written = one_line_end(form.given.get(name, "")).strip()
    for _ in range(TRIES):
        case = wired().cases.get(number)
        try:
            return _save(case, name, written, held or case.version)
        except StaleVersion as error:
            stale = error
    raise stale


def _save(case: CaseView, name: str, written: str, held: int) -> ResponseReturnValue:
    zone = asking_user().time_zone
    if held != case.version:
        conflict = find_conflict(case, held, {name: written}, zone)
        if name in conflict.theirs:
            theirs = conflict.theirs[name]
            place = InPlace(name, written, theirs=theirs, by=_who_changed(case, name))
            return case_page(case, 409, in_place=place)
        written = conflict.texts[name]
    form = Form(MultiDict({name: written}))
    fields = changed_fields(form, case, wired().directory, zone)
    if not form.errors:
        try:
            _change(case, fields)
            return back_to(case.number)
        except InvalidRequest as error:
            form.refused(error)
    words = next(iter(form.errors.values()))
    return case_page(case, 422, in_place=InPlace(name, written, words))


def _who_changed(case: CaseView, name: str) -> str:
    """Who changed the field last."""
    for entry in reversed(case.history):
        if any(FORM_FIELD.get(one.field, one.field) == name for one in entry.changes):
            return entry.actor_name
    return ""


def _change(case: CaseView, fields: CaseFields) -> None:
    if not fields.model_fields_set:
        return
    origin = command_origin(request.form.get("idempotency_key"))
    command = ChangeCase(**origin, number=case.number, version=case.version, fields=fields)
    wired().cases.change(command)


def _refuse_unknown(name: str) -> None:
    if name not in FIELDS:
        abort(404)
