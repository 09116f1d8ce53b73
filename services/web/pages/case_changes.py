"""What a person does to a case: change fields, move, escalate, answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from structlog import get_logger

from services.contracts.case_commands import (
    AddMessage,
    CaseView,
    ChangeCase,
    EscalateCase,
    MoveCase,
)
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import IllegalMove, InvalidRequest, StaleVersion
from services.contracts.mail import Attachment
from services.runtime.file_store import FileStoreError
from services.web.access.asking import Origin, asking_user, command_origin
from services.web.pages.answer_copies import Copies, read_copies
from services.web.pages.case_form import changed_fields, texts_of
from services.web.pages.case_page import back_to, case_page
from services.web.pages.conflict import find_conflict, without_theirs
from services.web.pages.drafts import taken
from services.web.pages.form import Form
from services.web.pages.refusal_words import refused_words
from services.web.pages.time_fields import as_written
from services.web.pages.words import STATES
from services.web.translation import gettext
from services.web.uploads import keep_files, kept_before, refuse_too_much
from services.web.wiring import wired

log = get_logger()
blueprint = Blueprint("case_changes", __name__, url_prefix="/cases/<int:number>")


@blueprint.post("/edit")
def save(number: int) -> ResponseReturnValue:
    """Change fields; 409 with what the other did when somebody was faster."""
    form, wiring, zone = Form(without_theirs(request.form)), wired(), asking_user().time_zone
    case = wiring.cases.get(number)
    held = form.number("version", low=1) or case.version
    if held != case.version:
        return _conflict(case, held, form)
    fields = changed_fields(form, case, wiring.directory, zone)
    if not form.errors and fields.model_fields_set:
        origin = command_origin(form.text("idempotency_key"))
        try:
            wiring.cases.change(ChangeCase(**origin, number=number, version=held, fields=fields))
        except InvalidRequest as error:
            form.refused(error)
        except StaleVersion:
            return _conflict(wiring.cases.get(number), held, form)
    if form.errors:
        texts = as_written(form.given.to_dict(), texts_of(case, zone))
        return case_page(case, 422, editing=True, texts=texts, errors=form.errors)
    return taken(back_to(number), f"fields:{number}")


@blueprint.post("/state")
def move(number: int) -> ResponseReturnValue:
    """Change the state."""
    form = Form(request.form)
    state = form.choice("state", STATES)

    def carry_out(origin: Origin, version: int) -> object:
        asked = {"number": number, "version": version, "state": state}
        return wired().cases.move(MoveCase.model_validate({**origin, **asked}))

    if state is None:
        abort(400)
    return _act(number, form, carry_out)


@blueprint.post("/escalate")
def escalate(number: int) -> ResponseReturnValue:
    """Hand the case to the section above."""

    def carry_out(origin: Origin, version: int) -> object:
        return wired().cases.escalate(EscalateCase(**origin, number=number, version=version))

    return _act(number, Form(request.form), carry_out)


@blueprint.post("/messages")
def add_message(number: int) -> ResponseReturnValue:
    """Answer, or leave a note, with files; and move the case on, where that was asked with it."""
    form, wiring = Form(request.form), wired()
    asked = {
        "number": number,
        "text": form.text("text", required=True),
        "kind": form.choice("kind", ("reply", "note")) or "note",
        "minutes_spent": form.number("minutes_spent", 0, 100_000),
    }
    then = form.choice("then", STATES)
    files = _files(form)
    copies = read_copies(form) if asked["kind"] == "reply" else Copies()
    if not form.errors:
        origin = command_origin(form.text("idempotency_key"))
        given = {"attachments": files, "add_watchers": copies.add, "remove_watchers": copies.remove}
        given = {name: value for name, value in given.items() if value}
        try:
            command = AddMessage.model_validate({**origin, **asked, **given})
            case = wiring.cases.add_message(command)
            if then and then != case.state:
                _move_on(origin, case, then)
            return taken(back_to(number, "latest"), f"answer:{number}")
        except InvalidRequest as error:
            form.refused(error)
    case = wiring.cases.get(number)
    return case_page(case, 422, draft=request.form, kept=files, errors=form.errors)


def _files(form: Form) -> tuple[Attachment, ...]:
    """Those kept of an earlier try and those sent now; a try that fails keeps them, too."""
    store = wired().files
    kept = kept_before(store, form.given.getlist("kept"))
    try:
        kept += keep_files(store, request.files.getlist("files"))
        refuse_too_much(kept)
    except InvalidRequest as error:
        form.refused(error)
    except FileStoreError as error:
        log.error("file store failed", why=str(error))
        form.errors["files"] = gettext(
            "The files cannot be kept just now; your text is kept, try again."
        )
    g.kept_files = [("kept", one.model_dump_json()) for one in kept]
    return kept


def _move_on(origin: Origin, case: CaseSnapshot, state: str) -> None:
    key = origin["idempotency_key"] + "-then"  # one form, two commands
    moved = {"number": case.number, "version": case.version, "state": state}
    command = MoveCase.model_validate({**origin, "idempotency_key": key, **moved})
    wired().cases.move(command)


def _act(
    number: int, form: Form, carry_out: Callable[[Origin, int], object]
) -> ResponseReturnValue:
    """Carry out a command of one button; what stands against it shows on the case."""
    version = form.number("version", low=1)
    if version is None:
        abort(400)
    try:
        carry_out(command_origin(form.text("idempotency_key")), version)
    except (StaleVersion, IllegalMove, InvalidRequest) as error:
        case = wired().cases.get(number)
        conflict = None
        if isinstance(error, StaleVersion):
            conflict = find_conflict(case, error.expected, {}, asking_user().time_zone)
        return case_page(case, 409, conflict=conflict, refusal=refused_words(error))
    return back_to(number)


def _conflict(case: CaseView, held: int, form: Form) -> ResponseReturnValue:
    """The form again, with what was written, and what the other did."""
    written = {name: value.replace("\r\n", "\n") for name, value in form.given.items()}
    conflict = find_conflict(case, held, written, asking_user().time_zone)
    return case_page(case, 409, editing=True, conflict=conflict, texts=conflict.texts)
