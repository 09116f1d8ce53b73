"""What the shape of a rule cannot say: whether its parts go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.contracts import rules
from services.contracts.errors import InvalidRequest
from services.contracts.rules import Rule
from services.contracts.templates import check_template
from services.rules.model.references import references_of

LARGEST_ID = 2**31 - 1
LARGEST_NUMBER = 10**15
MOST_TAGS = 30
LONGEST_TAG = 50
MOST_CUSTOM_FIELDS = 20
LONGEST_VALUE = 500
CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
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
    if rule.criteria.tag is not None:
        yield from _wrong_tags("criteria.tag", (rule.criteria.tag,))
    yield from _wrong_custom(rule.criteria.custom)
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
        case rules.SendTemplate():
            yield from _wrong_mail(action)
        case rules.SetDeadline(moment=moment) if moment is not None:
            yield "moment", "leave it out: it is computed when the rule fires"
        case rules.AddTags(tags=tags):
            if not 0 < len(tags) <= MOST_TAGS:
                yield "tags", f"give one tag or more, at most {MOST_TAGS}"
            yield from _wrong_tags("tags", tags)
        case _:
            pass


def _wrong_addresses(addresses: tuple[str, ...]) -> Iterator[Wrong]:
    if not addresses:
        yield "addresses", "give at least one address"
    for address in addresses:
        name, at, domain = address.rpartition("@")
        if not (name and at and domain) or not address.isprintable() or " " in address:
            yield "addresses", f"{address!r} is no mail address"


def _wrong_tags(field: str, tags: tuple[str, ...]) -> Iterator[Wrong]:
    for tag in tags:
        if not 0 < len(tag.strip()) <= LONGEST_TAG or "," in tag or not tag.isprintable():
            yield field, f"a tag has 1 to {LONGEST_TAG} characters and no comma, unlike {tag!r}"


def _wrong_custom(custom: Mapping[str, Any]) -> Iterator[Wrong]:
    if len(custom) > MOST_CUSTOM_FIELDS:
        yield "criteria.custom", f"name at most {MOST_CUSTOM_FIELDS} fields"
    for code, value in custom.items():
        field = f"criteria.custom.{code}"
        if not CODE.fullmatch(code):
            yield field, "name the field by its code, such as serial_number"
        if isinstance(value, str):
            if not 0 < len(value.strip()) <= LONGEST_VALUE:
                yield field, f"give a value of 1 to {LONGEST_VALUE} characters, or leave it out"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield field, "give a text, a number, a date such as 2026-11-25, or a person's number"
        elif not abs(value) < LARGEST_NUMBER:
            yield field, "give a smaller number"


def _wrong_mail(action: rules.SendTemplate) -> Iterator[Wrong]:
    """A template by its id, or a subject and a text."""
    for field, value in (("subject", action.subject), ("text", action.text)):
        if action.template_id is not None and value:
            yield field, "leave it out where a template is named"
        if action.template_id is None and not value.strip():
            yield field, "write it, or name a template"
        yield from _wrong_template(field, value)


def _wrong_template(field: str, template: str) -> Iterator[Wrong]:
    try:
        check_template(field, template)
    except InvalidRequest as error:
        yield error.field, error.what_to_do
