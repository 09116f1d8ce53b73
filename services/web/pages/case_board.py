"""The board: a question's cases in columns by state, moved by drag, by key and without script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.case_commands import MoveCase
from services.contracts.case_views import Board, BoardQuestion
from services.contracts.cases import CaseSnapshot
from services.contracts.errors import IllegalMove, InvalidRequest, NotFound, StaleVersion
from services.web.access.asking import command_origin
from services.web.pages.case_question import list_address, read_question
from services.web.pages.faster import who_was_faster
from services.web.pages.form import Form
from services.web.pages.question_page import has_no_case, question_context
from services.web.pages.refusal_words import as_sentence, refused_words
from services.web.pages.words import STATES
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("case_board", __name__, url_prefix="/cases/board")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The board."""
    return _page()


@blueprint.post("/move")
def move() -> ResponseReturnValue:
    """Move one case; what stands in its way is told in a sentence.

    A script gets JSON, with the card as it is now; without one the board is shown again.
    """
    form = Form(request.form)
    number, version = form.number("number", low=1), form.number("version", low=1)
    state = form.choice("state", STATES)
    if number is None or version is None or state is None:
        return _told(gettext("That cannot be read; load the page again."), 422)
    try:
        origin = command_origin(form.text("idempotency_key"))
        asked = {"number": number, "version": version, "state": state}
        case = wired().cases.move(MoveCase.model_validate({**origin, **asked}))
    except StaleVersion:
        return _told(who_was_faster(wired().cases.get(number)), 409)
    except (IllegalMove, InvalidRequest, NotFound) as error:
        return _told(as_sentence(refused_words(error)), 422)
    if _is_script():
        return jsonify(number=case.number, state=case.state, card=_card(case))
    query = request.query_string.decode()
    return redirect(url_for("case_board.show") + (f"?{query}" if query else ""), 303)


def _page(status: int = 200, problem: str = "") -> ResponseReturnValue:
    form = Form(request.args)
    asked = read_question(form, wired().directory)
    board = Board()
    try:
        board = wired().cases.board(BoardQuestion(cases=asked.question))
    except InvalidRequest as error:
        form.refused(error)
    shown = {
        **question_context(form, asked),
        "board": board,
        "moves": {column.state: column.moves for column in board.columns},
        "column_address": lambda state: list_address(state=state, cursor=None),
        "is_new": not any(column.count for column in board.columns) and has_no_case(),
        "problem": problem,
    }
    return render_template("case_board/board.html", **shown), status


def _told(problem: str, status: int) -> ResponseReturnValue:
    if _is_script():
        return jsonify(problem=problem), status
    return _page(status, problem)


def _card(case: CaseSnapshot) -> str:
    """The card of a case that was moved; where it may go now the service says."""
    moves = wired().cases.get(case.number).moves
    names = {kind.code: kind.name for kind in wired().directory.kinds()}
    shown: dict[str, Any] = {"case": case, "moves": {case.state: moves}, "kind_names": names}
    return render_template("case_board/one_card.html", **shown)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
