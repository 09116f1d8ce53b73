"""Fixtures of the journeys through the pages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from support.browser import launch
from support.smtp_peer import SmtpPeer
from support.system import ROOT, RunningSystem


@pytest.fixture(scope="module")
def whole_system(
    own_broker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSystem]:
    """All services, and the pages with all their files."""
    subprocess.run([ROOT / "deploy/local/static.sh"], check=True)
    made = RunningSystem(tmp_path_factory.mktemp("pages") / "home", own_broker)
    with made.running():
        yield made


@pytest.fixture(scope="module")
def peer() -> Iterator[SmtpPeer]:
    """A mail server that takes what goes out."""
    made = SmtpPeer()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture(autouse=True)
def windows_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages that a test leaves open would go on asking for news, beside all tests behind it."""
    yield
    if "browser" in request.fixturenames:
        opened: Browser = request.getfixturevalue("browser")
        for context in opened.contexts:
            context.close()
