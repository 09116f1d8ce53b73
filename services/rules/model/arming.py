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
class Plan:
    """Due times to write and to take away, and the rules that broke, with the case."""

    wait: list[Due] = field(default_factory=list)
    forget: list[Key] = field(default_factory=list)
    broken: list[tuple[Rule, int, Exception]] = field(default_factory=list)


def plan(
    rules: Sequence[ReadyRule],
    cases: Iterable[KnownCase],
    there: Mapping[Key, Due],
    settled: Container[tuple[int, int, str]],
) -> Plan:
    """Compare what each case waits for with the due times `there` are.

    `settled` are the episodes, by rule and case, that have fired or shall not fire. A rule
    that breaks leaves its due time as it is.
    """
    made = Plan()
    for known in cases:
        for ready in rules:
            key = (ready.rule.id, known.case.number)
            try:
                due = due_of(ready, known)
            except Exception as error:  # noqa: BLE001  the caller records it and tries again
                made.broken.append((ready.rule, known.case.number, error))
                continue
            if due is not None and (*key, due.episode) in settled:
                due = None
            if due is None and key in there:
                made.forget.append(key)
            elif due is not None and there.get(key) != due:
                made.wait.append(due)
    return made
