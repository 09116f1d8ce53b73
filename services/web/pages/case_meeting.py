"""The meeting that a case is: one of a series moved or taken out, and who is invited (C3, C6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.contracts.calendar import MoveEvent, SendInvitation
from services.contracts.case_commands import LONGEST_MINUTES, CaseView
from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, StaleVersion
from services.runtime.identity import new_id
from services.web.access.asking import asking_user, command_origin
from services.web.pages.case_page import back_to, case_page
from services.web.pages.faster import last_to_change
from services.web.pages.form import Form
from services.web.pages.meeting_view import now_at, read_original
from services.web.pages.meeting_words import span_text
from services.web.pages.moments import zone_of
from services.web.pages.refusal_words import as_sentence, error_words, refusal_words
from services.web.pages.word_table import Words
from services.web.translation import gettext, gettext_noop, pgettext_noop
from services.web.wiring import wired

blueprint = Blueprint("case_meeting", __name__, url_prefix="/cases/<int:number>/meeting")

SCOPES = Words(
    {
        "this": pgettext_noop("of a series", "This one"),
        "following": gettext_noop("This one and all following"),
        "all": gettext_noop("All of the series"),
    }
)


@blueprint.get("")
def ask(number: int) -> ResponseReturnValue:
    """Where the meeting is to go, and which of a series are meant."""
    case = wired().cases.get(number)
    return _page(case, Form(request.args), {})


@blueprint.post("")
def act(number: int) -> ResponseReturnValue:
    """Move or cancel it; what stands against it is told in the form."""
    form, case = Form(request.form), wired().cases.get(number)
    held = form.number("version", low=1) or case.version
    original = _original(form, case)
    fields: dict[str, Any] = {"number": number, "version": held, "original": original}
    fields["scope"] = form.choice("scope", SCOPES) or "all"
    if form.has("cancel"):
        fields["cancelled"] = True
    else:
        fields |= _times(form, case, zone_of(asking_user().time_zone))
    if not form.errors:
        origin = command_origin(form.text("idempotency_key"))
        try:
            moved = wired().cases.move_event(MoveEvent.model_validate({**origin, **fields}))
            return back_to(moved.number, "meeting")
        except StaleVersion:
            case = wired().cases.get(number)
            form.errors["all"] = gettext(
                "%(name)s has changed this case meanwhile; look at it again.",
                name=last_to_change(case),
            )
        except InvalidRequest as error:
            name = error.field if error.field in ("start", "end") else "all"
            form.errors[name] = as_sentence(refusal_words(error.what_to_do))
        except IllegalMove as error:
            form.errors["all"] = error_words(error)
    return _page(case, form, form.errors, 422)


@blueprint.post("/invitation")
def invite(number: int) -> ResponseReturnValue:
    """Invite those on the case who were not invited yet."""
    form = Form(request.form)
    version = form.number("version", low=1)
    case = wired().cases.get(number)
    origin = command_origin(form.text("idempotency_key"))
    held = version or case.version
    try:
        wired().cases.send_invitation(SendInvitation(**origin, number=number, version=held))
    except StaleVersion:
        told = gettext("The case was changed meanwhile; look whether the invitation still fits.")
        return case_page(wired().cases.get(number), 409, refusal=told)
    except InvalidRequest as error:
        why = refusal_words(error.what_to_do)
        return case_page(case, 422, refusal=gettext("Nobody was invited: %(why)s.", why=why))
    return back_to(number, "meeting")


def _original(form: Form, case: CaseView) -> datetime | None:
    """Which meeting of a series is meant; the next one where none is named."""
    text = form.text("original", longest=40)
    if text is None or not case.recurrence:
        return case.coming[0].original if case.recurrence and case.coming else None
    try:
        return read_original(text)
    except ValueError:
        form.errors["all"] = gettext("Choose a meeting of the series.")
        return None


def _times(form: Form, case: CaseView, zone: tzinfo) -> dict[str, Any]:
    clock = UTC if case.all_day else zone
    start, end = form.moment("start", clock), form.moment("end", clock)
    if start is None or end is None:
        for name in ("start", "end"):
            if not form.text(name):
                form.errors[name] = gettext("This is needed.")
        return {}
    if case.all_day:
        start, end = (one.replace(hour=0, minute=0) for one in (start, end))
        end += timedelta(days=1)
    # By the moments: clock times are off by an hour where summer time comes or goes between.
    minutes = int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() // 60)
    if not 0 <= minutes <= LONGEST_MINUTES:
        form.errors["end"] = gettext("It must not end before it begins, nor a year later.")
    return {"start": start, "duration_minutes": minutes}


def _page(
    case: CaseView, form: Form, errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    if case.start is None:
        raise NotFound("meeting of case", case.number)
    zone = zone_of(asking_user().time_zone)
    original = _original(form, case)
    start, end = now_at(case, original)
    shape = "%Y-%m-%d" if case.all_day else "%Y-%m-%dT%H:%M"
    clock = UTC if case.all_day else zone
    last = end - timedelta(minutes=1) if case.all_day else end
    texts = {
        "start": f"{start.astimezone(clock):{shape}}",
        "end": f"{last.astimezone(clock):{shape}}",
        "scope": "this",
        "original": original.isoformat() if original else "",
    }
    page = render_template(
        "case/move_meeting.html",
        case=case,
        key=new_id(),
        when=span_text(start, end, zone, all_day=case.all_day),
        scopes=SCOPES,
        texts=texts | {name: text for name, text in form.given.items() if name in texts},
        errors=errors,
    )
    return page, status
