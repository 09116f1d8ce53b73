"""`casewire person`: all about somebody is handed out, and erased from every service."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from builders.mail_program import new_mail
from integration.operate.conftest import Command
from sqlalchemy import text
from support.mail_office import database_of
from support.system import RunningSystem, wait_for

pytestmark = pytest.mark.timeout(600)  # seconds; many processes start, or much is checked

ANN, CARL = "ann.gone@blue.example", "carl@blue.example"


def scalar(system: RunningSystem, service: str, question: str) -> Any:
    database = database_of(system, service)
    with database.read() as connection:
        found = connection.scalar(text(question))
    database.close()
    return found


def delivered(system: RunningSystem, sender: str, subject: str, said: str) -> int:
    """The number of the case that a mail became."""
    mail = new_mail(sender, "s@ours.example", subject, said, attachment=said.encode())
    assert system.deliver(mail.as_bytes()) == 0

    def number() -> int | None:
        found = system.api().get("/mails", q=subject)["items"]
        return int(found[0]["case_number"]) if found and found[0]["case_number"] else None

    return wait_for(number, f"the case of {subject}")


def test_she_is_exported_erased_and_still_counted(
    system: RunningSystem,
    casewire: Command,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    actions = [{"do": "add_watchers", "addresses": [ANN]}]
    criteria = {"state_from": "none", "subject_contains": "Carlsmatter"}
    api = system.api()
    rule = api.post("/rules", name="Tell Ann", criteria=criteria, actions=actions)["rule"]
    api.post("/partners", name="Ann Gone", contacts=[{"name": "Ann Gone", "address": ANN}])
    hers = delivered(system, f"Ann Gone <{ANN}>", "Annsmatter", "The word is swordfish.")
    his = delivered(system, CARL, "Carlsmatter", "Hello")
    watched = f"SELECT count(*) FROM known_cases WHERE case_number = {his} AND version > 2"
    wait_for(lambda: scalar(system, "rules", watched), "the rule's watcher")
    facts = "SELECT count(*) FROM facts"
    wait_for(lambda: scalar(system, "reporting", facts) >= 2, "the facts")
    counted = scalar(system, "reporting", facts)

    target = tmp_path / "ann.zip"
    assert casewire("person", "export", ANN, "--to", target) == 0
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert b"swordfish" in archive.read("cases/messages.json")
        (mail,) = [name for name in names if name.startswith("mails/")]
        assert b"swordfish" in archive.read(mail)
        (file,) = [name for name in names if name.startswith("attachments/")]
        assert archive.read(file) == b"The word is swordfish."
    assert (system.home / "attachments" / stored(file)).exists()

    assert casewire("person", "delete", ANN) == 0
    assert api.get(f"/cases/{hers}")["subject"] == "Annsmatter"
    assert casewire("person", "delete", ANN, "--yes") == 1
    left = [one for one in capsys.readouterr().out.splitlines() if one.startswith("left: ")]
    assert left == ["left: 1 times in rules.rules"], "what a rule does is not changed"
    api.delete(f"/rules/{rule['id']}?version={rule['version']}")
    assert casewire("person", "delete", ANN, "--yes") == 0, capsys.readouterr().out
    case = api.get(f"/cases/{hers}")
    assert (case["subject"], case["partner"]["name"][:14]) == ("(erased)", "Erased person ")
    assert case["history"][-1]["reason"] == "personal data were erased by an operator"
    assert api.get(f"/cases/{his}")["subject"] == "Carlsmatter"
    assert api.get("/mails", q="Annsmatter")["items"] == []
    assert not (system.home / "attachments" / stored(file)).exists()
    assert scalar(system, "reporting", facts) == counted
    assert "\n0 differences found" in system.run_module("services.reporting", "rebuild")
    assert named_in_files(system) == []
    assert casewire("person", "delete", ANN) == 0
    assert "0 cases, called –" in capsys.readouterr().out


def stored(member: str) -> str:
    sha256 = member.removeprefix("attachments/")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def named_in_files(system: RunningSystem) -> list[str]:
    """The databases whose bytes still hold her address or her words, deleted rows included."""
    return [
        file.name
        for file in system.home.glob("*.sqlite3")
        for word in (ANN.encode(), b"The word is swordfish")
        if word in file.read_bytes()
    ]


def test_who_cannot_be_erased_is_told_so(
    system: RunningSystem, casewire: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    system.api().post("/users", login="zoe", name="Zoe", address="zoe@ours.example")
    assert casewire("person", "delete", "zoe@ours.example", "--yes") == 1
    assert "one of your users" in capsys.readouterr().err
    assert casewire("person", "delete", "nobody") == 1
    assert "no mail address" in capsys.readouterr().err
