"""The form of a rule: from a rule to what its fields hold, and back to a command's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from services.contracts.directory import CustomField, Kind
from services.contracts.errors import InvalidRequest
from services.contracts.rules import Criteria, Rule, Trigger
from services.web.api.resolve import only_one, partners_called
from services.web.clients.directory import DirectoryClient
from services.web.pages.action_form import UNITS, drafted, read_actions, written
from services.web.pages.form import Form
from services.web.pages.rule_names import partner_name
from services.web.pages.word_table import Words
from services.web.pages.words import PRIORITIES, STATES
from services.web.translation import gettext_noop, pgettext_noop

Given = MultiDict[str, str]

TO = Words({"any": gettext_noop("Any state")}) | STATES
FROM = (
    Words({"any": gettext_noop("Any state"), "none": gettext_noop("None: the case is new")})
    | STATES
)
DATES = Words(
    {
        "none": gettext_noop("At once, when it happens"),
        "creation": gettext_noop("Creation"),
        "last_action": gettext_noop("Last action"),
        "deadline": gettext_noop("Deadline"),
        "response_deadline": gettext_noop("First answer due"),
        "state": gettext_noop("Coming into its state"),
        "start": pgettext_noop("of a meeting", "Start"),
    }
)
IDS = ("section_id", "category_id", "responsible_id", "partner_category_id")
BIGGEST_ORDER = 1_000_000
# The criteria whose field holds what the rule does.
TEXTS = [n for n in Criteria.model_fields if n not in ("with_subsections", "partner_id", "custom")]


def given_of(rule: Rule, directory: DirectoryClient) -> Given:
    """What the fields of the form hold for this rule."""
    c, t = rule.criteria, rule.trigger
    texts = {
        "name": rule.name,
        "order": str(rule.order),
        **{f"criteria.{name}": _text(getattr(c, name)) for name in TEXTS},
        "partner": partner_name(directory, c.partner_id) if c.partner_id is not None else "",
        "trigger.date": t.date,
        "trigger.delay": str(abs(t.delay)),
        "trigger.side": "before" if t.delay < 0 else "after",
        "trigger.unit": t.unit,
        "trigger.calendar_id": _text(t.calendar_id),
    }
    texts |= {f"criteria.custom.{code}": _text(value) for code, value in c.custom.items()}
    flags = {"active": rule.active, "stop": rule.stop}
    flags["criteria.with_subsections"] = c.with_subsections
    given = MultiDict(texts)
    for name in [name for name, on in flags.items() if on]:
        given[name] = "on"
    for position, action in enumerate(rule.actions):
        given.add("action", str(position))
        for name, value in written(action).items():
            given.add(f"actions.{position}.{name}", value)
    return given


def read_fields(
    form: Form, directory: DirectoryClient, before: Rule | None = None
) -> dict[str, Any]:
    """The fields of a SaveRule; what cannot be taken is noted in the form's errors."""
    return {
        "name": form.text("name", required=True, longest=200) or "",
        "order": _order(form),
        "active": form.flag("active"),
        "stop": form.flag("stop"),
        "criteria": _criteria(form, directory, before),
        "trigger": _trigger(form),
        "actions": read_actions(form),
    }


def drafted_rule(fields: Mapping[str, Any]) -> Rule:
    """The rule that these fields begin to be, for its sentence."""
    return Rule.model_construct(
        id=0,
        name=fields["name"],
        stop=fields["stop"],
        criteria=Criteria.model_construct(**fields["criteria"]),
        trigger=Trigger.model_construct(**fields["trigger"]),
        actions=tuple(drafted(action) for action in fields["actions"]),
    )


def custom_fields(kinds: list[Kind], code: str | None) -> tuple[CustomField, ...]:
    """The fields that a rule for this kind of case can ask for."""
    return next((kind.fields for kind in kinds if kind.code == code), ())


def _order(form: Form) -> int:
    order = form.number("order", 0, BIGGEST_ORDER)
    return 100 if order is None else order


def _criteria(form: Form, directory: DirectoryClient, before: Rule | None) -> dict[str, Any]:
    kinds = directory.kinds()
    kind = form.choice("criteria.kind", [one.code for one in kinds])
    found = {
        "state_from": form.choice("criteria.state_from", FROM) or "any",
        "state_to": form.choice("criteria.state_to", TO) or "any",
        **{name: form.number(f"criteria.{name}") for name in IDS},
        "with_subsections": form.flag("criteria.with_subsections"),
        "priority": form.choice("criteria.priority", PRIORITIES),
        "partner_id": _partner_id(form, directory, before),
        "kind": kind,
        "subject_contains": form.text("criteria.subject_contains", longest=500),
        "tag": form.text("criteria.tag", longest=100),
        "custom": _custom(form, custom_fields(kinds, kind)),
    }
    found["with_subsections"] = found["with_subsections"] and found["section_id"] is not None
    return found


def _partner_id(form: Form, directory: DirectoryClient, before: Rule | None) -> int | None:
    """The partner of this name; an unchanged name stays the one it was, also among namesakes."""
    name = form.text("partner", longest=300)
    kept = before.criteria.partner_id if before else None
    if name is None or (kept is not None and partner_name(directory, kept) == name):
        return kept if name else None
    try:
        return only_one(directory, "partner", name, partners_called)
    except InvalidRequest as error:
        form.refused(error)
        return None


def _custom(form: Form, fields: tuple[CustomField, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        value = _custom_value(form, f"criteria.custom.{one.code}", one)
        if value is not None:
            found[one.code] = value
    return found


def _custom_value(form: Form, name: str, field: CustomField) -> Any:
    match field.type:
        case "number":
            amount = form.money(name)
            if amount is None:
                return None
            return int(amount) if amount == amount.to_integral_value() else float(amount)
        case "date":
            day = form.day(name)
            return day.isoformat() if day else None
        case "choice":
            return form.choice(name, field.choices)
        case "person":
            return form.number(name)
        case _:
            return form.text(name, longest=1000)


def _trigger(form: Form) -> dict[str, Any]:
    date = form.choice("trigger.date", DATES) or "none"
    if date == "none":
        return {"date": date}
    delay = form.number("trigger.delay", 0, 10_000) or 0
    return {
        "date": date,
        "delay": -delay if form.text("trigger.side") == "before" else delay,
        "unit": form.choice("trigger.unit", UNITS) or "days",
        "calendar_id": form.number("trigger.calendar_id"),
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
