"""The rates by which reports turn money into another currency, saved as one table."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.reports import Rates, SaveRates
from services.web.access.asking import Origin
from services.web.pages.entry_form import EntryForm
from services.web.pages.form import Form
from services.web.pages.form_rows import arrange, place_errors
from services.web.pages.rate_rows import (
    CURRENCY,
    MOST_ROWS,
    PARTS,
    RateRow,
    check,
    given_rows,
    rows_of,
)
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("rates", __name__, url_prefix="/rates")

# There is always somewhere to write without a script; "more" brings many at once.
FEW, MANY = 3, 12


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The table as it stands, to be changed."""
    rates = wired().reporting.rates()
    entry = EntryForm(None, {"main": rates.main}, rates.version)
    return _page(entry, rows_of(rates.rates), saved="saved" in request.args)


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Save the whole table, or show what is wrong; `arrange` only adds rows or removes one."""
    form = Form(request.form)
    rows = given_rows(form)
    entry = EntryForm(None, {"main": (form.text("main") or "").upper()[:100]})
    step = form.text("arrange", longest=20)
    if step:
        entry.version = form.number("version")
        return _page(entry, arrange(rows, step, RateRow), MANY if step == "more" else FEW)
    _check(form, entry.values["main"], rows)

    def carry_out(origin: Origin) -> object:
        command = SaveRates(
            **origin,
            main=entry.values["main"],
            rates=tuple(row.told() for row in rows),
            version=entry.version or 0,
        )
        return wired().reporting.save_rates(command)

    if entry.save(form, carry_out):
        return redirect(url_for("rates.show", saved=1), 303)
    return _page(entry, rows)


def _check(form: Form, main: str, rows: list[RateRow]) -> None:
    if not CURRENCY.fullmatch(main):
        form.errors["main"] = gettext("Three letters such as USD, please.")
    if len(rows) > MOST_ROWS:
        form.errors["rates"] = gettext("At most %(number)s rows, please.", number=MOST_ROWS)
    if not check(rows, main):
        # Said once more above the table, which may be long.
        form.errors["rates"] = gettext("Some rows will not do: what is wrong stands at each.")


def _page(
    entry: EntryForm, rows: list[RateRow], empty_rows: int = FEW, *, saved: bool = False
) -> ResponseReturnValue:
    left = place_errors(entry.errors, "rates", rows, PARTS)
    page = render_template(
        "rates/rates.html",
        entry=entry,
        main_error=left.pop("main", ""),
        left=left,
        rows=rows,
        empty_rows=[RateRow() for _ in range(empty_rows)],
        others=_others(wired().reporting.rates(), rows) if entry.refusal else [],
        saved=saved,
    )
    return page, entry.status


def _others(now: Rates, rows: Iterable[RateRow]) -> list[RateRow]:
    """The rates that stand now and are not among those written here."""
    mine = {(row.currency, row.month, row.rate) for row in rows}
    return [row for row in rows_of(now.rates) if (row.currency, row.month, row.rate) not in mine]
