"""The question in the address of the report: reading it, and writing it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from services.contracts.directory import CustomField, Kind
from services.contracts.reports import Dimension, ReportQuestion
from services.web.access.asking import asking_user
from services.web.clients.directory import DirectoryClient
from services.web.pages.case_question import created_day, custom_asked, partner_asked
from services.web.pages.custom_fields import PREFIX
from services.web.pages.form import Form
from services.web.pages.moments import today
from services.web.pages.report_period import days_of_period
from services.web.pages.report_words import PERIODS, SHAPES, VIEWS
from services.web.pages.words import PRIORITIES, STATES
from services.web.report_figures import Figure, fields_of, figures_called, want_percentiles
from services.web.translation import gettext

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
CUSTOM_CUT = re.compile(r"custom\.[a-z][a-z0-9_]{0,49}")
CURRENCY = re.compile(r"[A-Z]{3}")
MOST_CUTS = 6
USUAL_CUTS: tuple[Dimension, ...] = ("month", "user", "section", "state")
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """A question, and how its answer is shown.

    `period` is the quick choice that the days are those of, `partner` the name in its field,
    `fields` the custom fields of the kind asked for.
    """

    question: ReportQuestion
    figures: tuple[Figure, ...]
    view: str
    shape: str
    period: str | None
    partner: str
    fields: tuple[CustomField, ...]

    def pairs(self) -> Pairs:
        """The whole of it, as an address holds it; a quick choice stays one."""
        q = self.question
        found: Pairs = [("by", cut) for cut in q.by]
        found += [("column", cut) for cut in q.columns]
        found += [("figure", figure.code) for figure in self.figures]
        days = (("period", self.period),) if self.period else _days(q)
        plain = ("currency", "section_id", "responsible_id", "state", "kind", "category_id")
        more = ("partner_id", "partner_category_id", "priority")
        for name, value in (*days, *((name, getattr(q, name)) for name in (*plain, *more))):
            if value is not None:
                found.append((name, str(value)))
        found += [(PREFIX + code, value) for code, value in q.custom.items()]
        return [*found, ("view", self.view), ("shape", self.shape)]


def read_question(form: Form, directory: DirectoryClient) -> Asked:
    """The question in an address; what cannot be understood is left out and noted as an error."""
    kind = form.text("kind", longest=50)
    fields = next((one.fields for one in directory.kinds() if one.code == kind), ())
    by = cuts_asked(form.given.getlist("by"))[:MOST_CUTS] or USUAL_CUTS
    columns = [cut for cut in cuts_asked(form.given.getlist("column")) if cut not in by][:1]
    figures = figures_called(form.given.getlist("figure"))
    partner_id, partner = partner_asked(form, directory)
    period, date_from, date_to = _span(form)
    given: dict[str, Any] = {
        "by": by,
        "columns": columns,
        "date_from": date_from,
        "date_to": date_to,
        "section_id": form.number("section_id"),
        "responsible_id": form.number("responsible_id"),
        "state": form.choice("state", STATES),
        "kind": kind,
        "category_id": form.number("category_id"),
        "partner_id": partner_id,
        "partner_category_id": form.number("partner_category_id"),
        "priority": form.choice("priority", PRIORITIES),
        "custom": dict(list(custom_asked(form, fields).items())[:10]),
        "currency": _currency(form),
        "percentiles": want_percentiles(figures),
        "figures": fields_of(figures),
        "time_zone": asking_user().time_zone,
    }
    return Asked(
        question=ReportQuestion.model_validate(given),
        figures=figures,
        view=form.choice("view", VIEWS) or "table",
        shape=form.choice("shape", SHAPES) or "bar",
        period=period,
        partner=partner,
        fields=fields,
    )


def custom_cuts(kinds: Sequence[Kind]) -> dict[str, str]:
    """The custom fields that rows can be cut by, each with its name."""
    return {
        f"custom.{field.code}": field.name for kind in kinds for field in kind.fields if kind.active
    }


def cuts_asked(given: Sequence[str]) -> tuple[str, ...]:
    """What rows or columns are to be cut by, each once, in the order given."""
    known = [name for name in given if name in DIMENSIONS or CUSTOM_CUT.fullmatch(name)]
    return tuple(dict.fromkeys(known))


def _span(form: Form) -> tuple[str | None, date | None, date | None]:
    """The quick choice, if its days still stand in their fields, and the days asked for."""
    period = form.choice("period", PERIODS)
    typed = created_day(form, "date_from"), created_day(form, "date_to")
    if period is None:
        return None, *typed
    days = days_of_period(period, today(asking_user().time_zone))
    if typed == days or not form.has("date_from"):
        return period, *days
    return None, *typed


def _days(question: ReportQuestion) -> tuple[tuple[str, date | None], ...]:
    return ("date_from", question.date_from), ("date_to", question.date_to)


def _currency(form: Form) -> str | None:
    text = (form.text("currency", longest=3) or "").upper()
    if not text or CURRENCY.fullmatch(text):
        return text or None
    form.errors["currency"] = gettext("A currency such as EUR, please.")
    return None
