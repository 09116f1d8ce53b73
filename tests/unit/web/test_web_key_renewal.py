"""O3: a new web key signs and encrypts; who is signed in stays so, and no secret is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from unit.web.web_bench import Answers, sign_in

from services.runtime.clock import now
from services.web.__main__ import main
from services.web.access import two_factor, web_key
from services.web.access.limits import limiter
from services.web.access.seal import Seal, SealBroken
from services.web.access.web_key import add_key, secret_keys
from services.web.app import create_app
from services.web.settings import WebSettings
from services.web.tables import webhooks
from services.web.webhooks import store
from services.web.wiring import EXTENSION, Wiring


@pytest.fixture
def wiring(web: tuple[APIFlask, Answers], tmp_path: Path) -> Wiring:
    """With a key of a file."""
    made: Wiring = web[0].extensions[EXTENSION]
    return replace(made, settings=WebSettings(CASEWIRE_HOME=tmp_path))


def client_of(wiring: Wiring, cookie: str = "") -> FlaskClient:
    """Somebody's browser at a web process that was started just now."""
    limiter.reset()
    client = create_app(wiring).test_client()
    if cookie:
        client.set_cookie("casewire", cookie)
    return client


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("casewire")
    assert cookie is not None
    return cookie.value


def rotate(monkeypatch: pytest.MonkeyPatch, wiring: Wiring) -> int:
    monkeypatch.setenv("CASEWIRE_HOME", str(wiring.settings.home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return main(["rotate-key"])


def test_O3_who_signed_in_with_the_key_before_stays_in_and_with_an_older_one_does_not(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client_of(wiring)
    assert sign_in(before) == 303
    cookie = cookie_of(before)
    (old,) = secret_keys(wiring.settings)
    assert rotate(monkeypatch, wiring) == 0
    assert secret_keys(wiring.settings)[1:] == (old,)
    assert client_of(wiring, cookie).get("/me").status_code == 200
    assert rotate(monkeypatch, wiring) == 0
    assert old not in secret_keys(wiring.settings)
    assert client_of(wiring, cookie).get("/me").status_code == 303
    assert (wiring.settings.home / "web.key").stat().st_mode & 0o777 == 0o600


def test_O3_kept_secrets_are_encrypted_anew_and_what_nobody_can_open_is_counted(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = secret_keys(wiring.settings)
    with wiring.database.write() as connection:
        secret = two_factor.offer_secret(connection, Seal(old, two_factor.SEAL_PURPOSE), 3)
        two_factor.offer_secret(connection, Seal(["a lost key"], two_factor.SEAL_PURPOSE), 4)
        fields: dict[str, Any] = {
            "name": "a",
            "address": "https://a.example/",
            "event_types": ["case.created"],
        }
        fields["active"] = True
        hook, _ = store.add_webhook(connection, wiring.webhook_seal, 1, fields, now())
        hook, signs = store.renew_secret(
            connection, wiring.webhook_seal, hook.id, hook.version, now()
        )
    assert rotate(monkeypatch, wiring) == 0
    assert "secrets encrypted anew: 3; of a key that is lost: 1" in capsys.readouterr().out
    newest = secret_keys(wiring.settings)[:1]
    with wiring.database.read() as connection:
        assert two_factor.offer_secret(connection, Seal(newest, "two-factor"), 3) == secret
        kept = connection.execute(select(webhooks)).one()
    assert Seal(newest, store.SEAL_PURPOSE).open(kept.secret) == signs
    assert Seal(newest, store.SEAL_PURPOSE).open(kept.previous_secret) != signs
    with pytest.raises(SealBroken):
        Seal(old, store.SEAL_PURPOSE).open(kept.secret)


def test_O3_a_renewal_that_was_killed_half_way_is_done_again_and_loses_nothing(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = secret_keys(wiring.settings)
    with wiring.database.write() as connection:
        secret = two_factor.offer_secret(connection, Seal(old, two_factor.SEAL_PURPOSE), 3)
    for _ in range(3):
        add_key(wiring.settings)  # and then it died
    assert rotate(monkeypatch, wiring) == 0
    keys = secret_keys(wiring.settings)
    assert len(keys) == 2 and old[0] not in keys
    with wiring.database.read() as connection:
        assert two_factor.offer_secret(connection, Seal(keys, "two-factor"), 3) == secret


def test_O3_a_key_that_is_a_setting_is_not_ours_to_change(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEB_SECRET_KEY", "new\nold")
    assert rotate(monkeypatch, wiring) == 1
    assert "WEB_SECRET_KEY" in capsys.readouterr().err
    assert secret_keys(WebSettings(CASEWIRE_HOME=wiring.settings.home)) == ("new", "old")


def test_O3_a_key_in_a_file_that_a_setting_names_is_replaced_there(
    wiring: Wiring,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = tmp_path / "given" / "secret_key"
    given.parent.mkdir()
    given.write_text("the key of Größe 7\n", encoding="utf-8")
    monkeypatch.setenv("WEB_SECRET_KEY_FILE", str(given))
    assert rotate(monkeypatch, wiring) == 0
    new, old = given.read_text().splitlines()
    assert old == "the key of Größe 7" != new
    assert secret_keys(WebSettings(CASEWIRE_HOME=tmp_path)) == (new, old)

    def refuse(path: Path, _: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(web_key, "replace_key_file", refuse)
    assert rotate(monkeypatch, wiring) == 1
    assert "secret_key cannot be replaced (Permission denied)" in capsys.readouterr().err
    assert given.read_text().splitlines() == [new, old]
