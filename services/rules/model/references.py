"""What of the directory a rule names: by the field that names it, its kind and its id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts import rules
from services.contracts.rules import Criteria, Rule

IN_CRITERIA = {
    "section_id": "section",
    "category_id": "category",
    "responsible_id": "user",
    "partner_id": "partner",
    "partner_category_id": "partner_category",
}


@dataclass(frozen=True)
class Reference:
    """`field` of the rule names the `kind` with this `id`."""

    field: str
    kind: str
    id: int

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return self.kind.replace("_", " ")


def references_of(criteria: Criteria, actions: tuple[rules.Action, ...]) -> tuple[Reference, ...]:
    """Everything that these name."""
    return (*_in_criteria(criteria), *_in_actions(actions))


def names_it(rule: Rule, kind: str, id: int) -> bool:
    """Whether the rule names this entry of the directory."""
    found = references_of(rule.criteria, rule.actions)
    return any((reference.kind, reference.id) == (kind, id) for reference in found)


def _in_criteria(criteria: Criteria) -> Iterator[Reference]:
    for field, kind in IN_CRITERIA.items():
        id = getattr(criteria, field)
        if id is not None:
            yield Reference(f"criteria.{field}", kind, id)


def _in_actions(actions: tuple[rules.Action, ...]) -> Iterator[Reference]:
    for position, action in enumerate(actions):
        at = f"actions.{position}"
        match action:
            case rules.Assign(user_id=int(id)):
                yield Reference(f"{at}.user_id", "user", id)
            case rules.MoveToSection(section_id=id):
                yield Reference(f"{at}.section_id", "section", id)
            case rules.SetCategory(category_id=id):
                yield Reference(f"{at}.category_id", "category", id)
            case _:
                pass
