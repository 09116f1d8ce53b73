"""What a rule names by its id: of the directory, which cases keeps, and working calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts import rules
from services.contracts.rules import Criteria, Rule, Trigger

OUR_OWN = "calendar"  # cases knows nothing of these
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


def references_of(rule: Rule) -> tuple[Reference, ...]:
    """Everything that the rule names."""
    return (*_in_criteria(rule.criteria), *_in_trigger(rule.trigger), *_in_actions(rule.actions))


def names_it(rule: Rule, kind: str, id: int) -> bool:
    """Whether the rule names this entry of the directory, or this "calendar"."""
    found = references_of(rule)
    return any((reference.kind, reference.id) == (kind, id) for reference in found)


def _in_criteria(criteria: Criteria) -> Iterator[Reference]:
    for field, kind in IN_CRITERIA.items():
        id = getattr(criteria, field)
        if id is not None:
            yield Reference(f"criteria.{field}", kind, id)


def _in_trigger(trigger: Trigger) -> Iterator[Reference]:
    if trigger.calendar_id is not None:
        yield Reference("trigger.calendar_id", "calendar", trigger.calendar_id)


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
            case rules.SetDeadline(calendar_id=int(id)):
                yield Reference(f"{at}.calendar_id", "calendar", id)
            case rules.SendTemplate(template_id=int(id)):
                yield Reference(f"{at}.template_id", "template", id)
            case _:
                pass
