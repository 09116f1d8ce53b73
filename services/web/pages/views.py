"""The views of one question: list, board, graph and calendar, each by its address (C4).

A report has a question of its own, but is kept by name as they are.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from services.web.access.asking import asking_user
from services.web.kept_question import SETTINGS, VIEW, normal_question

ENDPOINTS = {
    "list": "case_list.show",
    "board": "case_board.show",
    "graph": "case_graph.show",
    "calendar": "calendar.show",
    "report": "report.show",
}
_PAGES = {endpoint.partition(".")[0]: view for view, endpoint in ENDPOINTS.items()}
Pairs = list[tuple[str, str]]


def present_view() -> str:
    """The view that the page shown is of; the list for pages that are of none."""
    return _PAGES.get((request.endpoint or "").partition(".")[0], "list")


def present_question() -> str:
    """The question in the present address and the view that shows it, as it would be kept."""
    return normal_question([*_given(), (VIEW, present_view())])


def address_of(question: str) -> str:
    """The page that a kept question is shown by."""
    pairs = parse_qsl(question)
    view = next((value for name, value in pairs if name == VIEW), "list")
    return _address(ENDPOINTS.get(view, ENDPOINTS["list"]), [p for p in pairs if p[0] != VIEW])


def view_addresses() -> dict[str, str]:
    """The address of every view with the present question; the present one keeps its settings.

    Whose calendars are ticked is the same as who is responsible.
    """
    view = present_view()
    question = parse_qsl(normal_question(_given()))
    question = [pair for pair in question if pair[0] not in SETTINGS["list"]]
    if view == "calendar":
        who = request.args.getlist("who")
        question += [("responsible_id", who[0])] if len(who) == 1 else []
    found = {name: _address(endpoint, question) for name, endpoint in ENDPOINTS.items()}
    found["calendar"] = _address(ENDPOINTS["calendar"], [_ticked(pair) for pair in question])
    found[view] = request.full_path.rstrip("?")
    return found


def rest_of_question(*shown: str) -> Pairs:
    """What the present question asks for beside the fields that a form shows."""
    pairs = parse_qsl(normal_question(_given()))
    return [(name, value) for name, value in pairs if name not in shown]


def list_of() -> str:
    """The list of the question in the present address, whatever page that is of."""
    return _address(ENDPOINTS["list"], parse_qsl(normal_question(_given())))


def _given() -> Pairs:
    return [pair for pair in request.args.items(multi=True) if pair[0] != VIEW]


def _ticked(pair: tuple[str, str]) -> tuple[str, str]:
    """Who is responsible, as the calendar ticks him."""
    name, value = pair
    if name != "responsible_id" or not (value == "me" or value.isdigit()):
        return pair
    return "who", str(asking_user().id) if value == "me" else value


def _address(endpoint: str, pairs: Pairs) -> str:
    query = urlencode(pairs)
    return url_for(endpoint) + (f"?{query}" if query else "")
