"""What the lock files pin: packages of Python, and of the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.utils import canonicalize_name

Ecosystem = Literal["PyPI", "npm"]
PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock")
NPM_LOCK = "package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_IN_MODULES = "node_modules/"


@dataclass(frozen=True, order=True)
class Pin:
    """One package as it is pinned; of PyPI by its normal name."""

    ecosystem: Ecosystem
    name: str
    version: str


def pins_of(folder: Path) -> list[Pin]:
    """All that the lock files in this folder pin, each once. Raises OSError and ValueError."""
    found = {pin for name in PYTHON_LOCKS for pin in _python_pins((folder / name).read_text())}
    return sorted({*found, *_npm_pins((folder / NPM_LOCK).read_text())})


def _python_pins(text: str) -> Iterator[Pin]:
    for name, version in _PIN.findall(text):
        yield Pin("PyPI", canonicalize_name(name), version)


def _npm_pins(text: str) -> Iterator[Pin]:
    for path, package in json.loads(text)["packages"].items():
        if path:  # the one without is the project itself
            yield Pin("npm", path.rpartition(_IN_MODULES)[2], package["version"])
