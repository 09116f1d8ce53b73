"""What a rule asks of a case besides its states, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.contracts import rules as r
from services.web.pages.action_words import Named, name_of
from services.web.pages.words import PRIORITIES_WITHIN
from services.web.translation import gettext


@dataclass(frozen=True)
class Names:
    """What the ids of a rule are called; a field of a kind by its kind and code."""

    sections: Named
    users: Named
    categories: Named
    partner_categories: Named
    kinds: dict[str, str]
    partners: Named
    templates: Named = field(default_factory=dict)
    calendars: Named = field(default_factory=dict)
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    person_fields: frozenset[tuple[str, str]] = frozenset()


def criteria_words(c: r.Criteria, names: Names) -> list[str]:
    """What must hold besides the states, one phrase each."""
    found = []
    if c.section_id is not None:
        section = name_of(names.sections, c.section_id)
        if c.with_subsections:
            found.append(gettext("its section is %(section)s or below it", section=section))
        else:
            found.append(gettext("its section is %(section)s", section=section))
    if c.category_id is not None:
        category = name_of(names.categories, c.category_id)
        found.append(gettext("its category is %(category)s", category=category))
    if c.responsible_id is not None:
        name = name_of(names.users, c.responsible_id)
        found.append(gettext("its responsible is %(name)s", name=name))
    if c.priority is not None:
        priority = PRIORITIES_WITHIN[c.priority]
        found.append(gettext("its priority is %(priority)s", priority=priority))
    return found + _partner_words(c, names) + _content_words(c, names)


def _partner_words(c: r.Criteria, names: Names) -> list[str]:
    found = []
    if c.partner_id is not None:
        name = name_of(names.partners, c.partner_id)
        found.append(gettext("its partner is %(name)s", name=name))
    if c.partner_category_id is not None:
        category = name_of(names.partner_categories, c.partner_category_id)
        found.append(gettext("its partner is in %(category)s", category=category))
    return found


def _content_words(c: r.Criteria, names: Names) -> list[str]:
    found = []
    if c.kind is not None:
        found.append(gettext("its kind is %(kind)s", kind=names.kinds.get(c.kind, c.kind)))
    if c.subject_contains:
        found.append(gettext("its subject contains “%(text)s”", text=c.subject_contains))
    if c.tag:
        found.append(gettext("it is tagged “%(tag)s”", tag=c.tag))
    for code, value in c.custom.items():
        called = names.fields.get((c.kind or "", code), code)
        told = _custom_value(c.kind, code, value, names)
        found.append(gettext("its %(field)s is %(value)s", field=called, value=told))
    return found


def _custom_value(kind: str | None, code: str, value: Any, names: Names) -> str:
    if (kind or "", code) in names.person_fields and isinstance(value, int):
        return name_of(names.users, value)
    return gettext("“%(text)s”", text=value) if isinstance(value, str) else str(value)
