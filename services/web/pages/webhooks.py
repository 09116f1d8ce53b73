"""Webhooks: which addresses are told of events, and what became of each delivery."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.web.access.asking import asking_user
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.refusal_words import refusal_words
from services.web.pages.webhook_words import EVENTS, OFF, STATUSES, Shown, standing
from services.web.translation import gettext
from services.web.webhooks import deliveries, managing, store
from services.web.webhooks.addresses import LONGEST_ADDRESS
from services.web.webhooks.deliveries import Status
from services.web.webhooks.store import Webhook
from services.web.wiring import wired

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

PAGE = 50
EXAMPLE = "https://example.com/hook"


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All webhooks by name, and how each fares."""
    with wired().database.read() as connection:
        found = store.list_webhooks(connection)
    return render_template(
        "webhooks/list.html",
        webhooks=[Shown(one, standing(one)) for one in found],
        section_names={section.id: section.name for section in wired().directory.sections()},
        events=EVENTS,
    )


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a webhook, and what was sent to it."""
    if id is None:
        return _page(EntryForm(None, {"active": True, "event_types": list(EVENTS)}))
    webhook = _find(id)
    return _page(EntryForm(id, webhook.model_dump(), webhook.version), webhook)


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it; the page of a new one shows its secret, and no page ever after."""
    form = Form(request.form)
    entry = EntryForm(id, _fields(form))
    made: list[tuple[Webhook, str]] = []

    def carry_out(_: object) -> None:
        user_id = asking_user().id
        if id is None:
            made.append(managing.add(wired(), user_id, entry.values))
        else:
            managing.change(wired(), user_id, id, entry.version or 0, entry.values)

    if not entry.save(form, carry_out):
        return _page(entry, _find(id) if id is not None else None)
    if not made:
        return redirect(url_for("webhooks.edit", id=id), 303)
    webhook, secret = made[0]
    fresh = EntryForm(webhook.id, webhook.model_dump(), webhook.version)
    return _page(fresh, webhook, secret=secret)


@blueprint.post("/<int:id>/secret")
def renew(id: int) -> ResponseReturnValue:
    """A new secret, shown this once."""
    version = Form(request.form).number("version") or 0
    webhook, secret = managing.renew(wired(), asking_user().id, id, version)
    return _page(EntryForm(id, webhook.model_dump(), webhook.version), webhook, secret=secret)


@blueprint.post("/<int:id>/test")
def test(id: int) -> ResponseReturnValue:
    """Send a test, and say how it went."""
    answered = managing.test(wired(), id)
    words = gettext("The test has arrived: it answers %(status)s.", status=answered.status)
    if not answered.delivered:
        why = refusal_words(answered.words)
        words = gettext("The test has not arrived: %(why)s.", why=why)
    webhook = _find(id)
    entry = EntryForm(id, webhook.model_dump(), webhook.version)
    return _page(entry, webhook, outcome={"ok": answered.delivered, "text": words})


@blueprint.get("/<int:id>/delete", endpoint="delete")
@blueprint.post("/<int:id>/delete", endpoint="delete")
def delete(id: int) -> ResponseReturnValue:
    """Ask first, then delete it."""
    webhook = _find(id)
    if request.method == "GET":
        return render_template("webhooks/delete.html", webhook=webhook)
    managing.remove(wired(), asking_user().id, id)
    return redirect(url_for("webhooks.show"), 303)


@blueprint.post("/<int:id>/deliveries/<int:delivery>/again")
def again(id: int, delivery: int) -> ResponseReturnValue:
    """Send a delivery once more."""
    try:
        managing.again(wired(), id, delivery)
    except InvalidRequest as error:
        webhook = _find(id)
        entry = EntryForm(id, webhook.model_dump(), webhook.version)
        outcome = {"ok": False, "text": refusal_words(error.what_to_do)}
        page, _ = _page(entry, webhook, outcome=outcome)
        return page, 409
    return redirect(url_for("webhooks.edit", id=id, status=request.args.get("status")), 303)


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=store.LONGEST_NAME),
        "address": form.text("address", required=True, longest=LONGEST_ADDRESS),
        "event_types": [one for one in form.given.getlist("event_types") if one in EVENTS],
        "section_id": form.number("section_id"),
        "active": form.flag("active"),
    }


def _find(id: int) -> Webhook:
    with wired().database.read() as connection:
        return store.find_webhook(connection, id)


def _page(
    entry: EntryForm,
    webhook: Webhook | None = None,
    secret: str = "",
    outcome: dict[str, Any] | None = None,
) -> tuple[str, int]:
    page = render_template(
        "webhooks/form.html",
        entry=entry,
        webhook=Shown(webhook, standing(webhook)) if webhook is not None else None,
        secret=secret,
        outcome=outcome,
        example=EXAMPLE,
        events=EVENTS,
        off=OFF,
        sections=wired().directory.sections(),
        sent=_deliveries(webhook) if webhook is not None else None,
    )
    return page, entry.status


def _deliveries(webhook: Webhook) -> dict[str, Any]:
    """What the list of deliveries shows, as the address asks."""
    form = Form(request.args)
    status = form.choice("status", STATUSES)
    before = form.number("before")
    with wired().database.read() as connection:
        found = deliveries.list_deliveries(
            connection, webhook.id, cast("Status | None", status), before, PAGE + 1
        )
    shown = found[:PAGE]
    here: dict[str, Any] = {"id": webhook.id, "status": status}
    return {
        "items": [(one, refusal_words(one.last_error)) for one in shown],
        "status": status,
        "statuses": STATUSES,
        "next_page": url_for("webhooks.edit", **here, before=shown[-1].id)
        if len(found) > PAGE
        else None,
        "first_page": url_for("webhooks.edit", **here) if before is not None else None,
    }
