"""What the shape of a rule cannot say: whether its parts go together."""

from __future__ import annotations

from collections.abc import Iterator

from services.contracts import rules
from services.contracts.errors import InvalidRequest
from services.contracts.rules import Rule
from services.contracts.templates import check_template
from services.rules.model.references import references_of

LARGEST_ID = 2**31 - 1
Wrong = tuple[str, str]  # the field, and what to do


def check_sense(rule: Rule) -> None:
    """Raises InvalidRequest with the first thing that does not fit."""
    for field, what_to_do in _wrong(rule):
        raise InvalidRequest(field, what_to_do)


def _wrong(rule: Rule) -> Iterator[Wrong]:
    if not rule.name.strip() or not rule.name.isprintable():
        yield "name", "give it a name of one line"
    if not rule.actions and not rule.stop:
        yield "actions", "say what to do, or let the rule stop later ones"
    if rule.trigger.date == "none" and rule.trigger.delay:
        yield "trigger.delay", "it counts from a date: choose one, or leave the delay out"
    if rule.trigger.date == "none" and rule.trigger.calendar_id is not None:
        yield "trigger.calendar_id", "it counts from a date: choose one, or leave the calendar out"
    if rule.criteria.subject_contains == "":
        yield "criteria.subject_contains", "give a text to look for, or leave it out"
    if rule.criteria.with_subsections and rule.criteria.section_id is None:
        yield "criteria.with_subsections", "name the section whose subsections are meant"
    for reference in references_of(rule):
        if not 0 < reference.id <= LARGEST_ID:
            yield reference.field, f"there is no {reference.words} {reference.id}"
    for position, action in enumerate(rule.actions):
        for field, what_to_do in _wrong_action(action):
            yield f"actions.{position}.{field}", what_to_do


def _wrong_action(action: rules.Action) -> Iterator[Wrong]:
    match action:
        case rules.Assign(to="user", user_id=None):
            yield "user_id", "say to whom, or choose another way of finding somebody"
        case rules.Assign(to=to, user_id=int()) if to != "user":
            yield "user_id", f"leave it out where somebody is found by {to}"
        case rules.AddWatchers(addresses=addresses):
            yield from _wrong_addresses(addresses)
        case rules.AddNote(text=text) if not text.strip():
            yield "text", "write the note"
        case rules.SendTemplate(subject=subject, text=text):
            yield from _wrong_template("subject", subject)
            yield from _wrong_template("text", text)
        case _:
            pass


def _wrong_addresses(addresses: tuple[str, ...]) -> Iterator[Wrong]:
    if not addresses:
        yield "addresses", "give at least one address"
    for address in addresses:
        name, at, domain = address.rpartition("@")
        if not (name and at and domain) or not address.isprintable() or " " in address:
            yield "addresses", f"{address!r} is no mail address"


def _wrong_template(field: str, template: str) -> Iterator[Wrong]:
    try:
        check_template(field, template)
    except InvalidRequest as error:
        yield error.field, error.what_to_do
