"""Reports that are mailed on a schedule: one's own, for managers all of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.directory import User
from services.contracts.errors import InvalidRequest
from services.runtime.identity import new_id
from services.web.access.asking import asking_user, command_origin
from services.web.pages import moments
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.refusal_words import refusal_words
from services.web.pages.report_mail_words import PROBLEMS, RHYTHMS, schedule_words
from services.web.pages.views import address_of
from services.web.report_mails import managing, store
from services.web.report_mails.recipients import may_send_to_others
from services.web.report_mails.store import ReportMail
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("report_mails", __name__, url_prefix="/report/mails")

MORNING = 8
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Those that he may see, by name."""
    user = asking_user()
    names = {one.id: one.name for one in wired().directory.users()}
    return render_template(
        "report_mails/list.html",
        mails=managing.seen_by(wired(), user),
        owners=names if managing.sees_all(user) else None,
        problems=PROBLEMS,
        schedule_words=schedule_words,
    )


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form; of a new one with the report that the address names."""
    if id is not None:
        return _shown(managing.find(wired(), asking_user(), id))
    form = Form(request.args)
    question = managing.kept_as(form.text("question") or "")
    first = {"name": form.text("name"), "question": question, "hour": MORNING, "active": True}
    return _page(EntryForm(None, {**first, "rhythm": "weekly"}), asking_user())


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it."""
    form, user = Form(request.form), asking_user()
    one = managing.find(wired(), user, id) if id is not None else None
    entry = EntryForm(id, _fields(form))

    def carry_out(_: object) -> None:
        if one is None:
            managing.add(wired(), user, entry.values)
        else:
            managing.change(wired(), user, one.id, entry.version or 0, entry.values)

    if not entry.save(form, carry_out):
        return _page(entry, _owner(one), one)
    return redirect(url_for("report_mails.show"), 303)


@blueprint.post("/<int:id>/pause")
def pause(id: int) -> ResponseReturnValue:
    """Switch it off, or on again."""
    form, user = Form(request.form), asking_user()
    one = managing.find(wired(), user, id)
    try:
        fields = {"active": not one.active}
        managing.change(wired(), user, id, form.number("version") or 0, fields)
    except InvalidRequest as error:
        return _refused(one, error)
    return redirect(url_for("report_mails.show"), 303)


@blueprint.post("/<int:id>/send")
def send(id: int) -> ResponseReturnValue:
    """Mail it now, and say how it went."""
    user = asking_user()
    one = managing.find(wired(), user, id)
    key = command_origin(Form(request.form).text("idempotency_key"))["idempotency_key"]
    try:
        managing.send_now(current_app, wired(), user, id, key)
    except InvalidRequest as error:
        return _refused(one, error)
    outcome = {"ok": True, "text": gettext("The report is on its way.")}
    return _shown(managing.find(wired(), user, id), outcome)


@blueprint.get("/<int:id>/delete", endpoint="delete")
@blueprint.post("/<int:id>/delete", endpoint="delete")
def delete(id: int) -> ResponseReturnValue:
    """Ask first, then delete it."""
    one = managing.find(wired(), asking_user(), id)
    if request.method == "GET":
        return render_template("report_mails/delete.html", mail=one)
    managing.remove(wired(), asking_user(), id)
    return redirect(url_for("report_mails.show"), 303)


def _fields(form: Form) -> dict[str, Any]:
    lines = (form.text("recipients") or "").replace(",", "\n").split("\n")
    return {
        "name": form.text("name", required=True, longest=store.LONGEST_NAME),
        "question": form.text("question") or "",
        "recipients": [line.strip() for line in lines if line.strip()],
        "rhythm": form.choice("rhythm", RHYTHMS) or "weekly",
        "weekday": form.number("weekday", 0, 6) or 0,
        "month_day": form.number("month_day", 1, 31) or 1,
        "hour": form.number("hour", 0, 23) or 0,
        "active": form.flag("active"),
    }


def _owner(one: ReportMail | None) -> User:
    user = asking_user()
    if one is None or one.user_id == user.id:
        return user
    return wired().directory.user(one.user_id)


def _shown(one: ReportMail, outcome: dict[str, Any] | None = None) -> ResponseReturnValue:
    return _page(EntryForm(one.id, one.model_dump(), one.version), _owner(one), one, outcome)


def _refused(one: ReportMail, error: InvalidRequest) -> ResponseReturnValue:
    """Its page with why it cannot be done."""
    entry = EntryForm(one.id, one.model_dump(), one.version)
    outcome = {"ok": False, "text": refusal_words(error.what_to_do)}
    page, _ = _page(entry, _owner(one), one, outcome)
    return page, 409


def _page(
    entry: EntryForm,
    owner: User,
    mail: ReportMail | None = None,
    outcome: dict[str, Any] | None = None,
) -> tuple[str, int]:
    page = render_template(
        "report_mails/form.html",
        entry=entry,
        mail=mail,
        owner=owner,
        outcome=outcome,
        to_others=may_send_to_others(owner),
        report_address=address_of(managing.kept_as(entry.values["question"])),
        send_key=new_id(),
        problems=PROBLEMS,
        rhythms=RHYTHMS,
        hours=HOURS,
        weekdays=[(number, moments.weekday(number)) for number in range(7)],
    )
    return page, entry.status
