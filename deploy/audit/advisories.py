"""Which advisories of a saved database tell of a version: files of the OSV schema, zipped.

The folder is laid out as OSV's own scanner keeps it: `PyPI/all.zip` and `npm/all.zip`, as they
are given out at https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip and so on.
Judged by the schema's own rules (https://ossf.github.io/osv-schema/, "Evaluation").
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from packaging.utils import canonicalize_name
from packaging.version import Version
from semver import Version as SemanticVersion

from deploy.audit.pins import Ecosystem, Pin

Comparable = Any  # a version of either kind, compared with its own kind only
RANGES: Mapping[Ecosystem, tuple[str, Callable[[str], Comparable]]] = {
    "PyPI": ("ECOSYSTEM", Version),
    "npm": ("SEMVER", SemanticVersion.parse),
}


class UnusableDatabase(Exception):
    """The folder is no saved database; the text says what to do."""


@dataclass(frozen=True)
class Hole:
    """An advisory that tells of a pinned version; `fixed` are the versions that mend it."""

    pin: Pin
    id: str
    summary: str
    fixed: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What was found among how many advisories, and when the newest of them was changed."""

    holes: tuple[Hole, ...]
    advisories: int
    newest: datetime


def audit(folder: Path, pins: Iterable[Pin]) -> Audit:
    """Compare these packages with all advisories. Raises UnusableDatabase."""
    by_package: defaultdict[tuple[str, str], list[Pin]] = defaultdict(list)
    for pin in pins:
        by_package[pin.ecosystem, pin.name].append(pin)
    holes: list[Hole] = []
    changed: list[datetime] = []
    for advisory in _advisories(folder, sorted({ecosystem for ecosystem, _ in by_package})):
        changed.append(datetime.fromisoformat(advisory["modified"]))
        if "withdrawn" not in advisory:
            holes += _holes(advisory, by_package)
    return Audit(
        tuple(sorted(set(holes), key=lambda one: (one.pin, one.id))), len(changed), max(changed)
    )


def _advisories(folder: Path, ecosystems: Iterable[str]) -> Iterator[dict[str, Any]]:
    for ecosystem in ecosystems:
        path = folder / ecosystem / "all.zip"
        count = 0
        try:
            with ZipFile(path) as packed:
                for name in packed.namelist():
                    if name.endswith(".json"):
                        count += 1
                        yield _read(packed.read(name), name)
        except FileNotFoundError as error:
            raise UnusableDatabase(
                f"there is no {path}; get it from"
                f" https://osv-vulnerabilities.storage.googleapis.com/{ecosystem}/all.zip"
            ) from error
        except (OSError, BadZipFile, ValueError) as error:
            raise UnusableDatabase(f"{path} cannot be read, get it again: {error}") from error
        if not count:
            raise UnusableDatabase(f"{path} holds no advisory, get it again")


def _read(text: bytes, name: str) -> dict[str, Any]:
    advisory = json.loads(text)
    if not isinstance(advisory, dict) or not {"id", "modified"} <= set(advisory):
        raise ValueError(f"{name} is no advisory of the OSV schema")
    return advisory


def _holes(
    advisory: dict[str, Any], by_package: Mapping[tuple[str, str], list[Pin]]
) -> Iterator[Hole]:
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        ecosystem, name = package.get("ecosystem", ""), package.get("name", "")
        if ecosystem == "PyPI":
            name = canonicalize_name(name)
        for pin in by_package.get((ecosystem, name), ()):
            if _is_affected(pin, affected):
                summary = advisory.get("summary") or advisory.get("details", "").partition("\n")[0]
                yield Hole(pin, advisory["id"], summary, tuple(_fixes(pin, affected)))


def _is_affected(pin: Pin, affected: dict[str, Any]) -> bool:
    if pin.version in affected.get("versions", ()):
        return True
    return any(_is_within(pin, events) for events in _ranges(pin, affected))


def _is_within(pin: Pin, events: Iterable[dict[str, str]]) -> bool:
    """Whether the last event up to the version left it open. What cannot be read is a hole."""
    parse = RANGES[pin.ecosystem][1]
    try:
        mine = parse(pin.version)
        passed = [
            (parse(limit), kind)
            for event in events
            for kind, limit in event.items()
            if kind != "introduced" or limit != "0"
        ]
    except ValueError:
        return True
    is_open = any(event.get("introduced") == "0" for event in events)
    for limit, kind in sorted(passed, key=lambda one: one[0]):
        if kind == "introduced" and mine >= limit:
            is_open = True
        elif (kind == "fixed" and mine >= limit) or (kind == "last_affected" and mine > limit):
            is_open = False
    return is_open


def _fixes(pin: Pin, affected: dict[str, Any]) -> Iterator[str]:
    for events in _ranges(pin, affected):
        yield from (event["fixed"] for event in events if "fixed" in event)


def _ranges(pin: Pin, affected: dict[str, Any]) -> Iterator[list[dict[str, str]]]:
    for one in affected.get("ranges", ()):
        if one.get("type") == RANGES[pin.ecosystem][0]:
            yield one["events"]
