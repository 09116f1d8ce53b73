"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and the cure where it is not well."""

    check: str
    level: Level
    says: str
    cure: str = ""


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", says)


def warning(check: str, says: str, cure: str) -> Finding:
    """Casewire works, but not for long, not fully or not safely."""
    return Finding(check, "warning", says, cure)


def wrong(check: str, says: str, cure: str) -> Finding:
    """Something does not work."""
    return Finding(check, "wrong", says, cure)
