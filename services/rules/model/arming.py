"""What has to be written so that due times follow the cases."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.contracts.rules import Rule
from services.rules.model.rulebook import ReadyRule
from services.rules.model.transition import KnownCase
from services.rules.model.waiting import Due, due_of

Key = tuple[int, int]  # a rule's id and a case's number


@dataclass
class Waiting:
    """What cases wait for, by rule and case, and the rules that broke, with the case."""

    dues: dict[Key, Due] = field(default_factory=dict)
    broken: list[tuple[Rule, int, Exception]] = field(default_factory=list)


@dataclass
class Plan:
    """Due times to write and to take away."""

    wait: list[Due] = field(default_factory=list)
    forget: list[Key] = field(default_factory=list)


def waiting_of(pairs: Iterable[tuple[KnownCase, Sequence[ReadyRule]]]) -> Waiting:
    """What each case waits for among the rules beside it."""
    found = Waiting()
    for known, rules in pairs:
        for ready in rules:
            number = known.case.number
            try:
                due = due_of(ready, known)
            except Exception as error:  # noqa: BLE001  the caller records it and tries again
                found.broken.append((ready.rule, number, error))
                continue
            if due is not None:
                found.dues[ready.rule.id, number] = due
    return found


def plan(
    waiting: Waiting, there: Mapping[Key, Due], settled: Container[tuple[int, int, str]]
) -> Plan:
    """Compare what cases wait for with the due times `there` are.

    `settled` are the episodes, by rule and case, that have fired or shall not fire. A rule
    that broke leaves its due time as it is. So does one that waits in the same episode: where
    its moment is another, it has broken before and was put off.
    """
    dues = {k: due for k, due in waiting.dues.items() if (*k, due.episode) not in settled}
    untouched = {(rule.id, number) for rule, number, _ in waiting.broken}
    return Plan(
        wait=[
            due
            for key, due in dues.items()
            if key not in there or there[key].episode != due.episode
        ],
        forget=[key for key in there if key not in dues and key not in untouched],
    )
