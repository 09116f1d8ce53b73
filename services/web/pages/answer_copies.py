"""Whom an answer goes to in copy: as the answer box shows it, and as it comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from services.contracts.case_commands import CaseView
from services.contracts.cases import Watcher
from services.web.pages.form import Form
from services.web.translation import gettext

ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
LONGEST_ADDRESS = 320
MOST_COPIES = 50


@dataclass(frozen=True)
class Copies:
    """Who joins the watchers of a case, and the addresses of those who leave them."""

    add: tuple[Watcher, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ticked:
    """A watcher in the answer box; without a tick he gets this answer and the next no more."""

    watcher: Watcher
    ticked: bool = True


def read_copies(form: Form) -> Copies:
    """What the box says; an address that is none is noted at `add_watchers`."""
    given = form.given
    ticked = set(given.getlist("cc"))
    remove = tuple(one for one in given.getlist("cc_shown") if one not in ticked)
    written = [*given.getlist("new_cc"), *re.split(r"[,;\n]", given.get("add_cc", ""))]
    add = [_watcher(form, one) for one in written if one.strip()]
    if len(add) > MOST_COPIES:
        form.errors["add_watchers"] = gettext(
            "At most %(number)s people at once, please.", number=MOST_COPIES
        )
    return Copies(tuple(one for one in add if one is not None), remove)


def shown_copies(case: CaseView, draft: Mapping[str, str]) -> list[Ticked]:
    """The watchers of the case, as they were ticked in an answer that was not taken."""
    if not isinstance(draft, MultiDict):
        return [Ticked(watcher) for watcher in case.watchers]
    shown, ticked = set(draft.getlist("cc_shown")), set(draft.getlist("cc"))
    return [Ticked(one, one.address in ticked or one.address not in shown) for one in case.watchers]


def _watcher(form: Form, written: str) -> Watcher | None:
    """`Name <address>`, or the address alone."""
    name, _, address = written.replace("\0", "").strip().rpartition("<")
    address = address.rstrip("> ").strip()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        form.errors["add_watchers"] = gettext(
            "“%(text)s” is no mail address.", text=written.strip()[:100]
        )
        return None
    return Watcher(address=address, name=name.strip(' "')[:200])
