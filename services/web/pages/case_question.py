"""The question in the address of the case list: reading it, and what its fields show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from urllib.parse import urlencode

from flask import request, url_for

from services.contracts.case_commands import FIRST_YEAR, LAST_YEAR, MONTH, CaseQuestion, Sort
from services.contracts.case_views import Cut
from services.contracts.directory import CustomField
from services.contracts.errors import InvalidRequest, NotFound
from services.web.access.asking import asking_user
from services.web.access.gate import BIGGEST_NUMBER
from services.web.api.resolve import only_one, partners_called
from services.web.clients.directory import DirectoryClient
from services.web.pages.form import Form
from services.web.pages.moments import zone_of
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES, STATES
from services.web.translation import gettext, gettext_noop

PAGE_SIZE = 50
NOBODY, ME = "nobody", "me"
NONE = "none"  # a section or the like that asks for the cases without one
PARTNER_CATEGORY = "partner_category_id"
COUNTED = ("count", "on")  # in an address: how many cases there are is to be said
MOST_PARTNER_CATEGORIES = 10
SORTS = Words(
    {
        "newest": gettext_noop("Newest first"),
        "oldest": gettext_noop("Oldest first"),
        "last_action": gettext_noop("Last action first"),
        "deadline": gettext_noop("Nearest deadline first"),
        "priority": gettext_noop("Highest priority first"),
    }
)
Without = Literal["section", "category", "partner"]
_WITHOUT: tuple[Without, ...] = get_args(Without)
_EXACT: tuple[Literal["section", "category"], ...] = ("section", "category")
assert set(SORTS) == set(get_args(Sort))


@dataclass(frozen=True)
class Asked:
    """A question, and what the address says where that is not the same.

    `fields` are the custom fields of the kind asked for; without a kind there are none.
    `created_from` and `created_to` are days of the reader, both inclusive. `counted`: the page
    is to say how many cases there are, for who comes from a figure of a report.
    """

    question: CaseQuestion
    responsible: str
    partner: str
    fields: tuple[CustomField, ...]
    created_from: date | None = None
    created_to: date | None = None
    counted: bool = False

    def value(self, name: Without) -> int | str | None:
        """What a choice of a section or category shows as chosen."""
        id: int | None = getattr(self.question, f"{name}_id")
        return NONE if name in self.question.without else id

    @property
    def partner_category(self) -> int | str | None:
        """The same of the categories of partners: the first of those asked for."""
        if self.question.no_partner_category:
            return NONE
        return next(iter(self.question.partner_category_id), None)


def read_question(form: Form, directory: DirectoryClient) -> Asked:
    """The question in an address; what cannot be understood is left out and noted as an error."""
    kind = form.text("kind", longest=50)
    fields = next((one.fields for one in directory.kinds() if one.code == kind), ())
    responsible = form.text("responsible_id", longest=20) or ""
    without = tuple(name for name in _WITHOUT if form.text(f"{name}_id") == NONE)
    partner_id, partner = (None, "") if "partner" in without else partner_asked(form, directory)
    first, last = created_day(form, "created_from"), created_day(form, "created_to")
    no_partner_category = form.text(PARTNER_CATEGORY) == NONE
    question = CaseQuestion(
        q=form.text("q", longest=500),
        state=tuple(state for state in STATES if state in form.given.getlist("state")),
        section_id=None if "section" in without else form.number("section_id"),
        responsible_id=_responsible(form, responsible),
        nobody=responsible == NOBODY,
        partner_id=partner_id,
        kind=kind,
        priority=form.choice("priority", PRIORITIES),
        category_id=None if "category" in without else form.number("category_id"),
        exact=tuple(name for name in _EXACT if name in form.given.getlist("exact")),
        without=without,
        partner_category_id=() if no_partner_category else _partner_categories(form),
        no_partner_category=no_partner_category,
        created_month=_month(form),
        created_from=_midnight(first),
        created_before=_midnight(last + timedelta(days=1) if last else None),
        tag=form.text("tag", longest=50),
        late=form.flag("late"),
        custom=custom_asked(form, fields),
        sort=form.choice("sort", SORTS) or "newest",
        cursor=form.text("cursor", longest=500),
        limit=PAGE_SIZE,
    )
    counted = form.flag(COUNTED[0])
    return Asked(question, responsible, partner, fields, first, last, counted)


def list_address(**changes: str | list[str] | None) -> str:
    """The list's address with something in the question of the present one changed."""
    values = request.args.to_dict(flat=False)
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None and value != []:
            values[name] = value if isinstance(value, list) else [value]
    return f"{url_for('case_list.show')}?{urlencode(values, doseq=True)}"


def group_pairs(cut: Cut, key: str) -> dict[str, str | list[str] | None]:
    """What the address changes by to ask for one group of the present question only."""
    if cut in ("section", "category"):
        exact = [one for one in request.args.getlist("exact") if one != cut]
        return {f"{cut}_id": key or NONE, "exact": [*exact, cut] if key else exact}
    if cut == "partner":
        return {"partner_id": key or NONE, "partner": None}
    if cut == "responsible":
        return {"responsible_id": key or NOBODY}
    return {"created_month" if cut == "month" else cut: key}


def _partner_categories(form: Form) -> tuple[int, ...]:
    """Those that the cases must all have; what is none is left out and noted as an error."""
    given = [one.strip() for one in form.given.getlist(PARTNER_CATEGORY) if one.strip()]
    # No more digits than such a number has: Python reads no number of thousands.
    read = [int(one) for one in given if re.fullmatch("[0-9]{1,10}", one)]
    found = [id for id in read if id <= BIGGEST_NUMBER]
    if len(found) < len(given):
        form.errors[PARTNER_CATEGORY] = gettext("Choose one of the list.")
    return tuple(dict.fromkeys(found))[:MOST_PARTNER_CATEGORIES]


def _month(form: Form) -> str | None:
    month = form.text("created_month", longest=7)
    if month is not None and not re.match(MONTH, month):
        form.errors["created_month"] = gettext("A month such as 2026-11, please.")
        return None
    return month


def created_day(form: Form, name: str) -> date | None:
    """A day on which cases may have been opened; one of another age is noted as an error."""
    day = form.day(name)
    if day is not None and not FIRST_YEAR < day.year < LAST_YEAR:
        form.errors[name] = gettext("A day such as 2026-11-25, please.")
        return None
    return day


def _midnight(day: date | None) -> datetime | None:
    """The moment at which the day begins for the reader."""
    zone = zone_of(asking_user().time_zone)
    return None if day is None else datetime.combine(day, time(), zone)


def _responsible(form: Form, given: str) -> int | None:
    match given:
        case "nobody":
            return None
        case "me":
            return asking_user().id
        case _:
            return form.number("responsible_id")


def custom_asked(form: Form, fields: tuple[CustomField, ...]) -> dict[str, str]:
    """What an address wants custom fields to hold, by code."""
    found = {one.code: form.text(f"custom.{one.code}", longest=200) for one in fields}
    return {code: value for code, value in found.items() if value is not None}


def partner_asked(form: Form, directory: DirectoryClient) -> tuple[int | None, str]:
    """A partner by his number, as links have it, or by his name, as people type it."""
    id, name = form.number("partner_id"), form.text("partner", longest=300)
    if id is not None:
        try:
            found = directory.partner(id).name
        except NotFound:
            found = ""
        if name is None and form.has("partner"):
            return None, ""  # its name was taken out of the field
        if name is None or name == found:
            return id, found
    try:
        return only_one(directory, "partner", name, partners_called), name or ""
    except InvalidRequest as error:
        form.refused(error)
        return None, name or ""
