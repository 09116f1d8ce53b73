"""The criteria on a case as it stands, each answering in words (A1); its states are apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Criteria
from services.rules.model.custom_fields import field_of, is_value, words_for

# Names of the directory by kind and id, where a case does not carry them itself.
Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Criterion:
    """One criterion of a rule.

    `fields` are the fields of a case whose change can make it true; `words` says, once it
    holds, what holds.
    """

    fields: frozenset[str]
    holds: Callable[[CaseSnapshot], bool]
    words: Callable[[CaseSnapshot, Names], str]


def criteria_of(criteria: Criteria) -> tuple[Criterion, ...]:
    """Those that were given, in the order in which they are told."""
    asked = (
        _section(criteria),
        _category(criteria),
        _responsible(criteria),
        _priority(criteria),
        _partner(criteria),
        _partner_category(criteria),
        _kind(criteria),
        _subject(criteria),
        _tag(criteria),
        *_custom(criteria),
    )
    return tuple(criterion for criterion in asked if criterion is not None)


def _section(criteria: Criteria) -> Criterion | None:
    wanted = criteria.section_id
    if wanted is None:
        return None

    def lies_within(case: CaseSnapshot) -> bool:
        return wanted in case.section_path

    def is_it(case: CaseSnapshot) -> bool:
        return case.section is not None and case.section.id == wanted

    def words(case: CaseSnapshot, names: Names) -> str:
        own = case.section.name if case.section else ""
        if is_it(case):
            return f"its section is {own}"
        return f"its section {own} lies within {_name(names, 'section', wanted)}"

    holds = lies_within if criteria.with_subsections else is_it
    return Criterion(frozenset({"section"}), holds, words)


def _category(criteria: Criteria) -> Criterion | None:
    wanted = criteria.category_id
    if wanted is None:
        return None
    return Criterion(
        frozenset({"category"}),
        lambda case: case.category is not None and case.category.id == wanted,
        lambda case, _: f"its category is {case.category.name if case.category else ''}",
    )


def _responsible(criteria: Criteria) -> Criterion | None:
    wanted = criteria.responsible_id
    if wanted is None:
        return None
    return Criterion(
        frozenset({"responsible"}),
        lambda case: case.responsible is not None and case.responsible.id == wanted,
        lambda case, _: f"its responsible is {case.responsible.name if case.responsible else ''}",
    )


def _priority(criteria: Criteria) -> Criterion | None:
    wanted = criteria.priority
    if wanted is None:
        return None
    return Criterion(
        frozenset({"priority"}),
        lambda case: case.priority == wanted,
        lambda case, _: f"its priority is {case.priority}",
    )


def _partner(criteria: Criteria) -> Criterion | None:
    wanted = criteria.partner_id
    if wanted is None:
        return None
    return Criterion(
        frozenset({"partner"}),
        lambda case: case.partner is not None and case.partner.id == wanted,
        lambda case, _: f"its partner is {case.partner.name if case.partner else ''}",
    )


def _partner_category(criteria: Criteria) -> Criterion | None:
    wanted = criteria.partner_category_id
    if wanted is None:
        return None

    def words(case: CaseSnapshot, names: Names) -> str:
        partner = f" {case.partner.name}" if case.partner else ""
        return f"its partner{partner} is in category {_name(names, 'partner_category', wanted)}"

    return Criterion(
        frozenset({"partner", "partner_categories"}),
        # The case carries its partner's categories with all those above them.
        lambda case: wanted in case.partner_categories,
        words,
    )


def _kind(criteria: Criteria) -> Criterion | None:
    wanted = criteria.kind
    if wanted is None:
        return None
    return Criterion(
        frozenset({"kind"}),
        lambda case: case.kind == wanted,
        lambda case, _: f"it is a case of kind {case.kind}",
    )


def _subject(criteria: Criteria) -> Criterion | None:
    if criteria.subject_contains is None:
        return None
    wanted = criteria.subject_contains.casefold()
    return Criterion(
        frozenset({"subject"}),
        lambda case: wanted in case.subject.casefold(),
        lambda case, _: f"its subject contains “{criteria.subject_contains}”",
    )


def _tag(criteria: Criteria) -> Criterion | None:
    if criteria.tag is None:
        return None
    wanted = criteria.tag.casefold()
    return Criterion(
        frozenset({"tags"}),
        lambda case: any(tag.casefold() == wanted for tag in case.tags),
        lambda case, _: f"it has the tag {wanted}",
    )


def _custom(criteria: Criteria) -> tuple[Criterion, ...]:
    return tuple(_custom_field(code, wanted) for code, wanted in criteria.custom.items())


def _custom_field(code: str, wanted: Any) -> Criterion:
    return Criterion(
        frozenset({field_of(code)}),
        lambda case: is_value(case.custom.get(code), wanted),
        lambda case, _: words_for(code, case.custom.get(code)),
    )


def _name(names: Names, kind: str, id: int) -> str:
    return names.get((kind, id), f"#{id}")
