"""The keys by which one works without the mouse, told on a page that opens over the others."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("keys", __name__, url_prefix="/keys")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All of them."""
    return render_template("keys.html")
