"""What the fields of a rule held, in words, for its history."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from services.contracts.directory import DirectoryChange
from services.contracts.rules import Action
from services.web.pages.action_words import action_words, name_of
from services.web.pages.criteria_words import Names
from services.web.pages.entry_history import EntryLine, entry_lines, plain_words
from services.web.pages.rule_form import DATES
from services.web.pages.rule_words import and_list
from services.web.pages.words import label

ACTIONS: TypeAdapter[tuple[Action, ...]] = TypeAdapter(tuple[Action, ...])


def rule_history(history: list[DirectoryChange], names: Names) -> list[EntryLine]:
    """The history of a rule, with the names of what it named."""
    named = {
        "criteria.section_id": names.sections,
        "criteria.category_id": names.categories,
        "criteria.responsible_id": names.users,
        "criteria.partner_id": names.partners,
        "criteria.partner_category_id": names.partner_categories,
        "trigger.calendar_id": names.calendars,
    }

    def words(field: str, value: Any) -> str:
        if field == "actions" and value:
            return and_list([action_words(one, names) for one in ACTIONS.validate_python(value)])
        if field in named and isinstance(value, int):
            return name_of(named[field], value)
        if field == "trigger.date":
            return str(DATES.get(value) or plain_words(field, value))
        if field == "criteria.kind" and value:
            return names.kinds.get(value, str(value))
        if field in ("criteria.state_from", "criteria.state_to", "criteria.priority") and value:
            return label(value)
        return plain_words(field, value)

    return entry_lines(history, words, names.users)
