"""The questions of pages as they are kept: query strings in one order, with nothing needless."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

NO_ORDER = ("sort", "newest")
ASKED = frozenset(
    (
        "q",
        "state",
        "section_id",
        "responsible_id",
        "partner_id",
        "partner",
        "kind",
        "priority",
        "category_id",
        "partner_category_id",
        "tag",
        "late",
        "exact",
        "created_month",
        "created_from",
        "created_to",
        "sort",
    )
)
VIEW = "as"  # in a kept question: the view that it is shown by; without it, the list
# What each view has been set to, beside the question that it shares with the others.
SETTINGS: dict[str, frozenset[str]] = {
    "list": frozenset(("group", "columns")),
    "board": frozenset(),
    "graph": frozenset(("by", "then", "shape")),
    "calendar": frozenset(("who", "view")),
    "report": frozenset(
        (
            *("by", "column", "figure", "currency", "date_from", "date_to", "period"),
            *("view", "shape"),
        )
    ),
}
# What comes first here counts first; all else is kept in an order of its own.
IN_ORDER = ("by", "figure")


def normal_question(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string with what asks for cases, and how its view is set, only.

    No page, nothing empty; in one order but for IN_ORDER. VIEW names the view that it is shown by.
    """
    given = list(pairs)
    view = next((v for name, v in given if name == VIEW and v in SETTINGS), "list")
    kept = [
        (name, value)
        for name, value in given
        if value.strip()
        and (name in ASKED or name in SETTINGS[view] or name.startswith("custom."))
        and (name, value) != NO_ORDER
    ]
    kept += [(VIEW, view)] if view != "list" else []
    once = dict.fromkeys(kept)
    return urlencode(sorted(once, key=lambda p: (p[0], "" if p[0] in IN_ORDER else p[1])))
