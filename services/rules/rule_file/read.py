"""Reading the file: a list of rules, each with a name of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import yaml

from services.rules.errors import MistakesInFile

KEYS = ("name", "order", "active", "stop", "when", "trigger", "then")


@dataclass(frozen=True)
class Draft:
    """A rule as it is written in the file."""

    name: str
    given: dict[str, Any]


def read(text: str) -> list[Draft]:
    """The rules of the file. Raises MistakesInFile."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MistakesInFile([f"this is no YAML: {error}"]) from error
    if not isinstance(found, list) or not found:
        raise MistakesInFile(["begin each rule with a line “- name: …”; there is none"])
    mistakes = [m for number, one in enumerate(found, 1) for m in _mistakes(number, one)]
    if mistakes:
        raise MistakesInFile(mistakes)
    drafts = [Draft(one["name"].strip(), one) for one in found]
    twice = [name for name, times in Counter(d.name for d in drafts).items() if times > 1]
    if twice:
        raise MistakesInFile([f"rule “{name}”: it is there twice; rename one" for name in twice])
    return drafts


def _mistakes(number: int, one: Any) -> list[str]:
    if not isinstance(one, dict):
        return [f"rule {number}: it begins with “- name: …” and has {', '.join(KEYS[1:])}"]
    name = one.get("name")
    if not isinstance(name, str) or not name.strip():
        return [f"rule {number}: give it a name (in quotes where YAML takes it for else)"]
    unknown = [key for key in one if key not in KEYS]
    return [f"rule “{name}”: {key} is not known; there are {', '.join(KEYS)}" for key in unknown]
