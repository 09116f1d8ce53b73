"""At which field of the form of a rule an error of the service stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.contracts.rules import Criteria, Trigger
from services.web.pages.action_form import MODELS

RULE_FIELDS = ("name", "order", "actions", "partner")
# Where the form has another name for it.
ELSEWHERE = {
    "criteria.partner_id": "partner",
    "criteria.with_subsections": "criteria.section_id",
    "criteria.custom": "criteria.kind",
}


def placed(
    errors: Mapping[str, str], actions: Iterable[Mapping[str, str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """The errors by the field of the form they stand at, and those that have no place on it.

    What is wrong inside a field stands at the field: "actions.0.addresses.1" at the addresses.
    """
    known = {*RULE_FIELDS, *(f"criteria.{name}" for name in Criteria.model_fields)}
    known |= {f"trigger.{name}" for name in Trigger.model_fields}
    for action in actions:
        names = MODELS[action["do"]].model_fields if action["do"] in MODELS else ()
        known |= {action["at"] + name for name in names}
    found: dict[str, str] = {}
    left: dict[str, str] = {}
    for name, words in errors.items():
        place = _place(ELSEWHERE.get(name, name), known)
        (left if place is None else found)[place or name] = words
    return found, left


def _place(name: str, known: set[str]) -> str | None:
    if name.startswith("criteria.custom."):
        return name
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None
