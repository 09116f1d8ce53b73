"""Known holes in what is pinned are found in a saved database, and its faults are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from deploy.audit import __main__ as command
from deploy.audit.advisories import UnusableDatabase, audit
from deploy.audit.pins import Pin, pins_of

ROOT = Path(__file__).parents[3]
TODAY = datetime.now(UTC).isoformat()


def advisory(
    name: str, events: list[dict[str, str]], ecosystem: str = "PyPI", **more: Any
) -> dict[str, Any]:
    """One of a made-up hole in these versions of a package."""
    sort = "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER"
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "GIT", "events": []}, {"type": sort, "events": events}],
        **more.pop("affected", {}),
    }
    return {"id": "X-1", "modified": TODAY, "summary": "A hole", "affected": [affected], **more}


def saved(folder: Path, *advisories: Mapping[str, Any]) -> Path:
    """A saved database with these; what it holds besides concerns nobody."""
    other = advisory("unheard-of", [{"introduced": "0"}])
    for ecosystem in ("PyPI", "npm"):
        (folder / ecosystem).mkdir(parents=True)
        with ZipFile(folder / ecosystem / "all.zip", "w") as packed:
            packed.writestr("OTHER.json", json.dumps(other))
            for number, one in enumerate(advisories):
                packed.writestr(f"X-{number}.json", json.dumps(one))
    return folder


def is_told(folder: Path, version: str, one: Mapping[str, Any], name: str = "flask") -> bool:
    ecosystem = one["affected"][0]["package"]["ecosystem"]
    return bool(audit(saved(folder, one), [Pin(ecosystem, name, version)]).holes)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.9", False), ("2.0", True), ("2.2.4", True), ("2.2.5", False), ("3.0rc1", True)],
)
def test_a_version_between_two_events_has_the_hole(
    tmp_path: Path, version: str, expected: bool
) -> None:
    # Out of order, for nothing says that they are in order.
    events = [{"fixed": "2.2.5"}, {"introduced": "3.0a1"}, {"introduced": "2.0"}]
    assert is_told(tmp_path, version, advisory("Flask", events)) is expected


def test_the_last_affected_version_has_the_hole_itself(tmp_path: Path) -> None:
    one = advisory("flask", [{"introduced": "0"}, {"last_affected": "2.10"}])
    assert is_told(tmp_path / "a", "2.10", one)
    assert not is_told(tmp_path / "b", "2.11", one)


def test_npm_compares_by_semantic_versions(tmp_path: Path) -> None:
    events = [{"introduced": "0"}, {"fixed": "2.0.0-beta.11"}]
    one = advisory("@scope/flask", events, ecosystem="npm")
    assert is_told(tmp_path / "a", "2.0.0-beta.2", one, "@scope/flask")
    assert not is_told(tmp_path / "b", "2.0.0", one, "@scope/flask")


def test_a_version_that_is_named_has_the_hole(tmp_path: Path) -> None:
    one = advisory("flask", [], affected={"versions": ["1.0", "1.1"]})
    assert is_told(tmp_path / "a", "1.1", one)
    assert not is_told(tmp_path / "b", "1.2", one)


def test_what_cannot_be_compared_is_told(tmp_path: Path) -> None:
    assert is_told(tmp_path, "1.0", advisory("flask", [{"introduced": "the beginning"}]))


def test_a_withdrawn_advisory_tells_of_nothing(tmp_path: Path) -> None:
    one = advisory("flask", [{"introduced": "0"}], withdrawn=TODAY)
    assert not is_told(tmp_path, "1.0", one)


def test_another_registry_s_package_of_that_name_is_another(tmp_path: Path) -> None:
    one = advisory("flask", [{"introduced": "0"}], ecosystem="npm")
    assert not audit(saved(tmp_path, one), [Pin("PyPI", "flask", "1.0")]).holes


def test_all_that_is_pinned_is_compared() -> None:
    pins = pins_of(ROOT)
    locks = [(ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")]
    lines = {
        line.split()[0].rstrip(";")
        for text in locks
        for line in text.splitlines()
        if "==" in line.split(";")[0]
    }
    assert {f"{pin.name}=={pin.version}" for pin in pins if pin.ecosystem == "PyPI"} == lines
    modules = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len([pin for pin in pins if pin.ecosystem == "npm"]) == len(modules) - 1


def test_the_command_names_holes_and_their_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = next(pin.version for pin in pins_of(ROOT) if pin.name == "flask")
    hole = advisory("Flask", [{"introduced": "0"}, {"fixed": "99.1"}])
    assert command.main([str(saved(tmp_path / "with", hole))]) == 1
    said = capsys.readouterr().out
    assert f"flask {version}: X-1 A hole; mended in 99.1\n" in said
    assert "\nknown holes: 1 in " in said
    assert command.main([str(saved(tmp_path / "without"))]) == 0
    assert capsys.readouterr().out.startswith("known holes: 0 in ")


def test_an_old_database_is_no_clean_bill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "old"
    for ecosystem in ("PyPI", "npm"):
        (folder / ecosystem).mkdir(parents=True)
        with ZipFile(folder / ecosystem / "all.zip", "w") as packed:
            packed.writestr("X.json", json.dumps({"id": "X", "modified": "2020-01-31T00:00:00Z"}))
    assert command.main([str(folder)]) == 1
    assert "the newest of 2020-01-31: too old" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.unlink(), "there is no"),
        (lambda path: path.write_bytes(b"no zip"), "cannot be read"),
        (lambda path: _packed(path, "X.json", b"{"), "cannot be read"),
        (lambda path: _packed(path, "X.json", b"[]"), "X.json is no advisory"),
        (lambda path: _packed(path, "X.txt", b"{}"), "holds no advisory"),
    ],
)
def test_a_database_that_cannot_be_asked_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any, words: str
) -> None:
    spoil(saved(tmp_path) / "npm" / "all.zip")
    with pytest.raises(UnusableDatabase, match=words):
        audit(tmp_path, [Pin("npm", "htmx.org", "2.0.0")])
    assert command.main([str(tmp_path)]) == 2
    assert words in capsys.readouterr().err


def _packed(path: Path, name: str, text: bytes) -> None:
    with ZipFile(path, "w") as packed:
        packed.writestr(name, text)
