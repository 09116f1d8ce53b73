"""The first page of a fresh system: what is set up, what is next, until a mail has come in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import CaseQuestion
from services.contracts.errors import ServiceAway
from services.web.access.asking import asking_user
from services.web.access.roles import may
from services.web.clients.accounts import IncomingAccount, OutgoingAccount
from services.web.clients.mailgw import MailgwClient
from services.web.first_steps import is_put_away, put_it_away, steps_of
from services.web.pages.question_page import has_no_case
from services.web.wiring import wired

blueprint = Blueprint("first_steps", __name__, url_prefix="/first-steps")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Each step with its tick, and where it is done."""
    wiring, me = wired(), asking_user()
    accounts = _accounts(wiring.mailgw)
    incoming, outgoing = accounts or ([], [])
    steps = steps_of(
        me,
        users=wiring.directory.users(),
        sections=wiring.directory.sections(),
        incoming=incoming,
        outgoing=outgoing,
        cases=wiring.cases.list_cases(CaseQuestion(limit=1, sort="oldest")).items,
    )
    return render_template(
        "first_steps/first_steps.html", steps=steps, mails_unknown=accounts is None
    )


@blueprint.post("/away")
def put_away() -> ResponseReturnValue:
    """He knows his way: home shows the cases from now on."""
    with wired().database.write() as connection:
        put_it_away(connection, asking_user().id)
    return redirect(url_for("case_list.home"), 303)


def _accounts(mailgw: MailgwClient) -> tuple[list[IncomingAccount], list[OutgoingAccount]] | None:
    """Those of mails in and out; None while their service is away, for this page is home."""
    try:
        return mailgw.incoming(), mailgw.outgoing()
    except ServiceAway:
        return None


def are_wanted() -> bool:
    """Whether home is these steps: for an administrator, while there is no case at all."""
    wiring, me = wired(), asking_user()
    if wiring.has_cases or not may(me.role, "first_steps.show"):
        return False
    with wiring.database.read() as connection:
        if is_put_away(connection, me.id):
            return False
    wiring.has_cases = not has_no_case()
    return not wiring.has_cases
