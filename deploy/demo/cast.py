"""The people of the demo: our own and those of the partners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Contact:
    """Somebody at a partner, and his address."""

    name: str
    address: str


@dataclass(frozen=True)
class Company:
    """A partner; `group` is gold, normal, none or suppliers."""

    name: str
    group: str
    contacts: tuple[Contact, ...]
    major: bool = False


@cache
def read(name: str) -> Any:
    """What stands in one of this folder's YAML files."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def companies() -> tuple[Company, ...]:
    """All partners, in the order of the file."""
    return tuple(
        Company(
            entry["name"],
            group,
            tuple(_contact(name, entry["domain"]) for name in entry["contacts"]),
            bool(entry.get("major")),
        )
        for group, entries in read("partners.yaml").items()
        for entry in entries
    )


def our_address(local_part: str) -> str:
    """An address of our own."""
    return f"{local_part}@{read('company.yaml')['domain']}"


def _contact(name: str, domain: str) -> Contact:
    return Contact(name, f"{name.split(maxsplit=1)[0].lower()}@{domain}.example")
