"""The values of rules_strategies drawn by dice.

Hypothesis likes to repeat itself with small changes. A long series by dice, of which it draws
the seed alone, goes where that seldom leads: one rule seen over many stays, dates and saves.
"""

from __future__ import annotations

from random import Random
from typing import Any

from integration.rules.rules_strategies import When
from unit.rules.rules_builders import DEMO

FROM_TO = [("any", "any")] * 2 + [("open", "open")] * 3 + [("any", "open"), ("any", "pending")]
FROM_TO += [("pending", "open"), ("none", "any"), ("any", "done")]
DATES = ("creation", "last_action", "deadline", "deadline", "response_deadline", "state", "start")
STATES = ("open", "open", "draft", "pending", "done")
MINUTES = (0, 0, 30, 60, 60, 120, 300)
HOURS = (None, 0, 1, 2, 3, 5, 8, 13, 21, 34)
CASE = {
    "priority": ("normal", "high"),
    "kind": ("helpdesk", "claim"),
    "responsible": (None, DEMO),
    "tags": ((), ("vip",)),
    "subject": ("Hello", "A fire!"),
    "deadline": HOURS,
    "response_deadline": HOURS,
    "responded_at": HOURS,
    "start": HOURS,
}
OTHERS = {
    "priority": "high",
    "kind": "claim",
    "responsible_id": DEMO.id,
    "tag": "vip",
    "subject_contains": "FIRE",
}
NO_DATE = {"date": "none", "delay": 0}


class Dice(Random):
    """Random values; the same seed throws the same."""

    def criteria(self) -> dict[str, Any]:
        before, after = self.choice(FROM_TO)
        name = self.choice(sorted(OTHERS))
        more = {name: OTHERS[name]} if self.random() < 0.3 else {}
        return {"state_from": before, "state_to": after, **more}

    def trigger(self) -> dict[str, Any]:
        if self.random() < 0.15:
            return NO_DATE
        return {"date": self.choice(DATES), "delay": self.choice((0, 1, 1, 2, 3)), "unit": "hours"}

    def rule_changes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.random() < 0.3:
            found["criteria"] = self.criteria()
        if self.random() < 0.3:
            found["trigger"] = self.trigger()
        return found | ({"active": self.random() < 0.7} if self.random() < 0.3 else {})

    def case_changes(self) -> dict[str, Any]:
        names = self.sample(sorted(CASE), self.randrange(3))
        return {name: self.choice(CASE[name]) for name in names}

    def state(self) -> str:
        return self.choice(STATES)

    def when(self) -> When:
        late, swept = self.random() < 0.15, self.random() < 0.6
        return When(late=late, minutes=self.choice(MINUTES), swept=swept)

    def pick(self) -> int:
        return self.randrange(30)
