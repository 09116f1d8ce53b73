"""The form for the fields of a case: from a case to texts, and back to a command's fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.contracts.case_commands import CaseFields, CaseView
from services.contracts.cases import Watcher
from services.contracts.directory import CustomField
from services.contracts.errors import InvalidRequest
from services.web.api.resolve import only_one, partners_called
from services.web.clients.directory import DirectoryClient
from services.web.pages.case_tags import tags_in
from services.web.pages.custom_fields import PREFIX, changed_custom, custom_input
from services.web.pages.form import Form
from services.web.pages.moments import zone_of
from services.web.pages.time_fields import read_times, time_texts
from services.web.pages.words import PRIORITIES
from services.web.translation import gettext

Texts = dict[str, str]


def texts_of(case: CaseView, time_zone: str) -> Texts:
    """What the fields of the form hold for this case."""
    return {
        "subject": case.subject,
        "description": one_line_end(case.description).strip(),
        "kind": case.kind,
        "section_id": _id(case.section),
        "category_id": _id(case.category),
        "responsible_id": _id(case.responsible),
        "priority": case.priority,
        "partner": case.partner.name if case.partner else "",
        "contact_address": case.contact.address if case.contact else "",
        "watchers": watcher_lines(case.watchers),
        "currency": case.currency,
        "estimated_revenue": _plain(case.estimated_revenue),
        "estimated_cost": _plain(case.estimated_cost),
        "probability": _plain(case.probability),
        "deadline": local_text(case.deadline, time_zone),
        "response_deadline": local_text(case.response_deadline, time_zone),
        "tags": tag_line(case.tags),
        **time_texts(case, time_zone),
        **{PREFIX + code: custom_input(value).strip() for code, value in case.custom.items()},
    }


def changed_fields(
    form: Form, case: CaseView | None, directory: DirectoryClient, time_zone: str
) -> CaseFields:
    """The fields that differ from the case (from nothing, when there is none yet).

    What cannot be taken is noted in the form's errors.
    """
    before = texts_of(case, time_zone) if case else {}
    values = read_times(form, case, before, time_zone)
    for name, read in _readers(form, directory, time_zone, case).items():
        if form.has(name) and one_line_end(form.given[name]).strip() != before.get(name, ""):
            values["partner_id" if name == "partner" else name] = read()
    custom = changed_custom(form, _fields_of_kind(form, case, directory), before)
    if form.errors:
        return CaseFields()
    if custom:
        values["custom"] = custom
    return CaseFields.model_validate(values)


def kind_fields(directory: DirectoryClient, code: str | None) -> tuple[CustomField, ...]:
    """The custom fields of this kind."""
    return next((kind.fields for kind in directory.kinds() if kind.code == code), ())


def _fields_of_kind(
    form: Form, case: CaseView | None, directory: DirectoryClient
) -> tuple[CustomField, ...]:
    return kind_fields(directory, form.text("kind") or (case.kind if case else "helpdesk"))


def _readers(
    form: Form, directory: DirectoryClient, zone: str, case: CaseView | None
) -> dict[str, Callable[[], Any]]:
    kinds = [kind.code for kind in directory.kinds()]
    known = case.watchers if case else ()
    return {
        "subject": lambda: form.text("subject", required=True, longest=500),
        "description": lambda: form.text("description") or "",
        "kind": lambda: form.choice("kind", kinds),
        "section_id": lambda: form.number("section_id"),
        "category_id": lambda: form.number("category_id"),
        "responsible_id": lambda: form.number("responsible_id"),
        "priority": lambda: form.choice("priority", PRIORITIES),
        "partner": lambda: _partner_id(form, directory),
        "contact_address": lambda: form.text("contact_address", longest=320),
        "watchers": lambda: _watchers(form, known),
        "currency": lambda: _currency(form),
        "estimated_revenue": lambda: form.money("estimated_revenue"),
        "estimated_cost": lambda: form.money("estimated_cost"),
        "probability": lambda: form.number("probability", 0, 100),
        "deadline": lambda: form.moment("deadline", zone_of(zone)),
        "response_deadline": lambda: form.moment("response_deadline", zone_of(zone)),
        "tags": lambda: tags_in(form, "tags"),
    }


def _currency(form: Form) -> str:
    return (form.text("currency", longest=3) or "EUR").upper()


def _partner_id(form: Form, directory: DirectoryClient) -> int | None:
    try:
        return only_one(directory, "partner", form.text("partner"), partners_called)
    except InvalidRequest as error:
        form.refused(error)
        return None


def _watchers(form: Form, known: tuple[Watcher, ...]) -> tuple[Watcher, ...]:
    """One on each line, `Name <address>` or the address alone; who was there keeps his side."""
    sides = {watcher.address.lower(): watcher.side for watcher in known}
    found = []
    for line in (form.text("watchers") or "").split("\n"):
        name, _, address = line.strip().rpartition("<")
        address = address.rstrip("> ").strip()
        if not address:
            continue
        if "@" not in address.strip("@") or " " in address:
            form.errors["watchers"] = gettext("“%(text)s” is no mail address.", text=line.strip())
            continue
        side = sides.get(address.lower(), "partner")
        found.append(Watcher(address=address, name=name.strip(' "'), side=side))
    return tuple(found)


def watcher_lines(watchers: tuple[Watcher, ...]) -> str:
    """One watcher a line."""
    return "\n".join(f"{w.name} <{w.address}>" if w.name else w.address for w in watchers)


def tag_line(tags: tuple[str, ...]) -> str:
    """Tags with commas between."""
    return ", ".join(tags)


def one_line_end(text: str) -> str:
    """A browser sends every end of a line in one way, whatever it was before."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def local_text(moment: datetime | None, time_zone: str) -> str:
    """What a date and time field takes."""
    if moment is None:
        return ""
    return f"{moment.astimezone(zone_of(time_zone)):%Y-%m-%dT%H:%M}"


def _id(ref: Any) -> str:
    return str(ref.id) if ref else ""


def _plain(value: object) -> str:
    return "" if value is None else str(value)
