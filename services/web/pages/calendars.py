"""Working calendars: hours of the week, holidays and closed days that timed rules count on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.contracts.errors import InvalidRequest
from services.contracts.rules import SaveCalendar, WorkingCalendar
from services.runtime.clock import now
from services.web.access.asking import Origin, asking_user
from services.web.clients.calendars import Country, Holiday
from services.web.pages.entry_form import EntryForm
from services.web.pages.entry_history import entry_lines, plain_words
from services.web.pages.form import Form
from services.web.pages.moments import country_name, weekday
from services.web.pages.working_hours import WEEKDAYS, hours_text, read_hours
from services.web.time_zones import TIME_ZONES
from services.web.translation import gettext
from services.web.wiring import wired

blueprint = Blueprint("calendars", __name__, url_prefix="/calendars")

NEW = WorkingCalendar(id=0, name="new")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """All working calendars by name."""
    calendars = sorted(wired().calendars.list_calendars(), key=lambda one: one.name.casefold())
    countries = {
        one.code: country_name(one.code, one.name) for one in wired().calendars.countries()
    }
    rows = [(one, _week(one)) for one in calendars]
    return render_template("calendars/list.html", rows=rows, countries=countries)


@blueprint.get("/new")
@blueprint.get("/<int:id>")
def edit(id: int | None = None) -> ResponseReturnValue:
    """The form for a working calendar."""
    calendar = NEW if id is None else wired().calendars.get(id)
    values = calendar.model_dump(mode="json")
    values["hours_texts"] = [hours_text(spans) for spans in calendar.hours]
    values["closed_text"] = "\n".join(values["closed_days"])
    if id is None:
        values |= {"name": "", "time_zone": asking_user().time_zone}
    return _form_page(EntryForm(id, values, None if id is None else calendar.version))


@blueprint.post("/new")
@blueprint.post("/<int:id>")
def save(id: int | None = None) -> ResponseReturnValue:
    """Save it, or show what is wrong."""
    form = Form(request.form)
    fields = _fields(form)
    texts = {
        "hours_texts": [request.form.get(f"hours.{day}", "") for day in WEEKDAYS],
        "closed_text": request.form.get("closed_days", ""),
    }
    entry = EntryForm(id, {**fields, **texts})
    if form.text("do") == "place":
        entry.version = form.number("version")
        return _form_page(entry)

    def carry_out(origin: Origin) -> object:
        command = SaveCalendar(**origin, id=id, version=entry.version, fields=fields)
        return wired().calendars.save(command)

    if entry.save(form, carry_out):
        return redirect(url_for("calendars.show"), 303)
    return _form_page(entry)


@blueprint.get("/holidays")
def holidays() -> ResponseReturnValue:
    """The parts of the country chosen in the form, and the holidays of this and the next year."""
    form = Form(request.args)
    country, subdivision = form.text("country", longest=10), form.text("subdivision", longest=10)
    return render_template("calendars/place.html", e={}, **_place(country, subdivision))


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", required=True, longest=200),
        "time_zone": form.choice("time_zone", TIME_ZONES) or "UTC",
        "hours": [_hours(form, f"hours.{day}") for day in WEEKDAYS],
        "country": form.text("country", longest=10),
        "subdivision": form.text("subdivision", longest=10),
        "closed_days": _closed_days(form),
        "active": form.flag("active"),
    }


def _hours(form: Form, name: str) -> list[list[str]]:
    try:
        return [list(span) for span in read_hours(form.text(name) or "")]
    except ValueError as error:
        form.errors[name] = str(error)
        return []


def _closed_days(form: Form) -> list[str]:
    found = []
    for text in (form.text("closed_days") or "").replace(",", "\n").split("\n"):
        try:
            if text.strip():
                found.append(date.fromisoformat(text.strip()).isoformat())
        except ValueError:
            form.errors["closed_days"] = gettext(
                "“%(text)s” is no day such as 2026-12-24.", text=text.strip()
            )
    return found


def _place(country: str | None, subdivision: str | None) -> dict[str, Any]:
    """The countries to choose from, the parts of this one, and the holidays there."""
    countries = wired().calendars.countries()
    parts = next((one.subdivisions for one in countries if one.code == country), ())
    part = subdivision if subdivision in parts else None
    year = now().year
    found = _holidays(countries, country, part, (year, year + 1))
    return {
        "countries": sorted(
            ((one.code, country_name(one.code, one.name)) for one in countries),
            key=lambda one: one[1].casefold(),
        ),
        "country": country,
        "subdivision": part,
        "parts": parts,
        "part_choices": [(code, code) for code in parts],
        "years": found,
    }


def _holidays(
    countries: list[Country], country: str | None, part: str | None, years: tuple[int, ...]
) -> dict[int, list[Holiday]]:
    if country not in {one.code for one in countries} or country is None:
        return {}
    try:
        return {year: wired().calendars.holidays(country, part, year) for year in years}
    except InvalidRequest:
        return {}  # the form says at the field what is wrong with the place


def _week(calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """The days of the week that have the same hours, together: [("Mon–Fri", "09:00–17:00")]."""
    found: list[tuple[int, int, str]] = []
    for day, spans in enumerate(calendar.hours):
        text = hours_text(spans)
        if found and found[-1][2] == text:
            found[-1] = (found[-1][0], day, text)
        else:
            found.append((day, day, text))
    names = [weekday(day, short=True) for day in WEEKDAYS]
    return [
        (names[first] if first == last else f"{names[first]}–{names[last]}", text)
        for first, last, text in found
        if text
    ]


def _words(field: str, value: Any) -> str:
    if field == "hours" and value:
        days = zip(WEEKDAYS, value, strict=False)
        return "; ".join(
            f"{weekday(day, short=True)} {hours_text(spans)}" for day, spans in days if spans
        )
    return plain_words(field, value)


def _form_page(entry: EntryForm) -> ResponseReturnValue:
    history = wired().calendars.history(entry.id) if entry.id is not None else []
    users = {user.id: user.name for user in wired().directory.users()}
    values = entry.values
    page = render_template(
        "calendars/form.html",
        entry=entry,
        e=entry.errors,
        weekdays=[weekday(day) for day in WEEKDAYS],
        zones=sorted(TIME_ZONES),
        history=entry_lines(history, _words, users),
        **_place(values.get("country"), values.get("subdivision")),
    )
    return page, entry.status
