"""Settings come from the environment, and what is wrong is named by its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = ("AMQP_URI", "DATABASE_URL", "WEB_PORT", "CASES_PORT", "FETCH_INTERVAL_SECONDS")
    for name in (*names, "AMQP_URI_FILE", "DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WEB_PORT", "eighty"),
        ("CASES_PORT", "70000"),
        ("MAILGW_PORT", ""),
        ("FETCH_INTERVAL_SECONDS", "0"),
        ("RPC_TIMEOUT_SECONDS", "-1"),
        ("DATABASE_URL", "mysql://db/casewire"),
        ("WEB_ADDRESS", "desk.example.com"),
    ],
)
def test_a_wrong_setting_is_named(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable):
        Settings.load()


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "x")
    monkeypatch.setenv("CASES_PORT", "y")
    with pytest.raises(SettingsError, match=r"WEB_PORT: .*; CASES_PORT: "):
        Settings.load()


@pytest.mark.parametrize("spelling", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_taken(
    spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{spelling}://casewire@db/casewire")
    settings = Settings.load()
    assert settings.database_url_for("cases") == "postgresql+psycopg://casewire@db/casewire"


def test_links_begin_with_the_address_that_people_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "8123")
    assert Settings.load().public_address == "http://127.0.0.1:8123"
    monkeypatch.setenv("WEB_ADDRESS", "https://desk.example.com/")
    assert Settings.load().public_address == "https://desk.example.com"


def test_without_a_database_address_each_service_has_a_file(tmp_path: Path) -> None:
    settings = Settings.load()
    assert settings.database_url_for("rules") == f"sqlite:///{tmp_path / 'rules.sqlite3'}"


def test_the_broker_of_a_local_start_is_found_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.load().amqp_uri == "amqp://guest:guest@127.0.0.1:5672/"
    (tmp_path / "amqp_uri").write_text("amqp://guest:guest@127.0.0.1:5682/")
    assert Settings.load().amqp_uri == "amqp://guest:guest@127.0.0.1:5682/"
    monkeypatch.setenv("AMQP_URI", "amqp://broker/")
    assert Settings.load().amqp_uri == "amqp://broker/"


def test_a_secret_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://cases:secret@db/casewire\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    url = Settings.load().database_url_for("cases")
    assert url == "postgresql+psycopg://cases:secret@db/casewire"
    (tmp_path / "uri").write_text("amqp://cases:secret@broker/casewire")
    (tmp_path / "amqp_uri").write_text("amqp://guest:guest@127.0.0.1:5682/")
    monkeypatch.setenv("AMQP_URI_FILE", str(tmp_path / "uri"))
    assert Settings.load().amqp_uri == "amqp://cases:secret@broker/casewire"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, r"DATABASE_URL_FILE: .*url cannot be read \(No such file or directory\)"),
        ("\n", r"DATABASE_URL_FILE: .*url is empty"),
        ("mysql://db/casewire", r"DATABASE_URL_FILE: .*should begin with postgresql://"),
    ],
)
def test_a_wrong_file_is_named(
    content: str | None, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "url").write_text(content)
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    with pytest.raises(SettingsError, match=complaint):
        Settings.load()


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://db/casewire")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://other/casewire")
    with pytest.raises(SettingsError, match="set it or DATABASE_URL, not both"):
        Settings.load()
