"""Fixtures of the web gateway's unit tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.report_mail_bench import DRAWER, PNG, Desk
from unit.web.web_bench import Answers, bench

from services.web.access.limits import limiter


@pytest.fixture
def web(tmp_path: Path) -> tuple[APIFlask, Answers]:
    made = bench(tmp_path)
    limiter.reset()
    return made


@pytest.fixture
def client(web: tuple[APIFlask, Answers]) -> FlaskClient:
    return web[0].test_client()


@pytest.fixture
def answers(web: tuple[APIFlask, Answers]) -> Answers:
    return web[1]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Reports are mailed from it. Nothing is drawn; test_web_report_pictures.py draws."""
    monkeypatch.setattr(DRAWER, lambda *_: PNG)
    return Desk(tmp_path)
