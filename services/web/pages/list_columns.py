"""Choosing the columns of the case list."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.web.access.asking import asking_user
from services.web.list_columns import columns_of, known_columns, save_columns
from services.web.wiring import wired

blueprint = Blueprint("list_columns", __name__, url_prefix="/cases/columns")


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep those ticked in their order (`up`: with one of them a place higher), or forget all."""
    chosen: list[str] | None = list(known_columns(request.form.getlist("column")))
    up = request.form.get("up")
    if chosen is not None and up in chosen[1:]:
        place = chosen.index(up)
        chosen[place - 1 : place + 1] = chosen[place], chosen[place - 1]
    if "reset" in request.form:
        chosen = None
    with wired().database.write() as connection:
        save_columns(connection, asking_user().id, chosen)
    kept = [p for p in parse_qsl(request.query_string.decode()) if p[0] != "columns"]
    return redirect(url_for("case_list.show") + (f"?{urlencode(kept)}" if kept else ""), 303)


def present_columns() -> tuple[str, ...]:
    """Those that the address names, else the user's."""
    if request.args.get("columns"):
        return known_columns(request.args["columns"].split(","))
    with wired().database.read() as connection:
        return columns_of(connection, asking_user().id)
