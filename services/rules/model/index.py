"""Finding the rules that can be for a case, without looking at all there are.

What a rule asks of a case is put as keys, each of which a case must have: its partner, one of
its tags, three letters of its subject. A rule stands under the one of its keys that the
fewest rules name, and a case meets the rules under the keys it has. Whether they are really
for it is judged as ever; this only leaves out those that cannot be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from services.contracts.cases import CaseSnapshot
from services.contracts.rules import Criteria
from services.rules.model.custom_fields import value_key

Key = tuple[Hashable, ...]
Rule = TypeVar("Rule")
EVERY: Key = ("every",)  # stands for a rule that asks for nothing
LETTERS = 3
MOST_RUNS = 12  # of a text that a rule looks for: enough to tell it from others


class Index(Generic[Rule]):
    """Things in their order, each with the keys under which it can be found."""

    def __init__(self, things: Sequence[Rule], keys: Sequence[Iterable[Key]]) -> None:
        self._things = things
        self._places: dict[Key, list[int]] = {}
        for place, found in enumerate(keys):
            for key in found:
                self._places.setdefault(key, []).append(place)

    def under(self, keys: Iterable[Key]) -> list[Rule]:
        """What stands under any of these keys, in order."""
        places = {place for key in keys for place in self._places.get(key, ())}
        return [self._things[place] for place in sorted(places)]


def most_telling(asked: Sequence[Sequence[Key]]) -> list[Key]:
    """For each of these, the key that the fewest share."""
    shared = Counter(key for keys in asked for key in keys)
    return [min(keys, key=lambda key: shared[key], default=EVERY) for keys in asked]


def keys_asked(criteria: Criteria, *, waits: bool) -> list[Key]:
    """What the criteria ask of a case; of an event's states, or of those of one that `waits`."""
    return [*_states_asked(criteria, waits), *_asked(criteria)]


def keys_of_case(case: CaseSnapshot, came_from: str) -> list[Key]:
    """The keys that the case has, which came from that state into its own."""
    found: list[Key] = [EVERY, ("to", case.state), ("from", came_from)]
    found += [("kind", case.kind), ("priority", case.priority)]
    for name in ("partner", "responsible", "category", "section"):
        named = getattr(case, name)
        if named is not None:
            found.append((name, named.id))
    found += (("within", id) for id in case.section_path)
    found += (("partner_category", id) for id in case.partner_categories)
    found += (("tag", tag.casefold()) for tag in case.tags)
    found += (("custom", code, value_key(value)) for code, value in case.custom.items())
    found += (("subject", letters) for letters in _letters(case.subject))
    return found


def _states_asked(criteria: Criteria, waits: bool) -> Iterator[Key]:
    before, after = criteria.state_from, criteria.state_to
    if after != "any":
        yield "to", after
    # A case that waits stays in its state: it may have come there from anywhere.
    if before != "any" and not (waits and before == after):
        yield "from", before


def _asked(criteria: Criteria) -> Iterator[Key]:
    for name in ("partner", "responsible", "category"):
        id = getattr(criteria, f"{name}_id")
        if id is not None:
            yield name, id
    if criteria.section_id is not None:
        yield "within" if criteria.with_subsections else "section", criteria.section_id
    if criteria.partner_category_id is not None:
        yield "partner_category", criteria.partner_category_id
    if criteria.tag is not None:
        yield "tag", criteria.tag.casefold()
    if criteria.kind is not None:
        yield "kind", criteria.kind
    if criteria.priority is not None:
        yield "priority", criteria.priority
    for code, value in criteria.custom.items():
        yield "custom", code, value_key(value)
    for letters in _letters(criteria.subject_contains or "")[:MOST_RUNS]:
        yield "subject", letters


def _letters(text: str) -> list[str]:
    """Its runs of three letters, each once: a text that contains another has all of the other's."""
    folded = text.casefold()
    runs = (folded[place : place + LETTERS] for place in range(len(folded) - LETTERS + 1))
    return list(dict.fromkeys(runs))
