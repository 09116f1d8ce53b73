"""What a browser with nothing kept fetches over the wire for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from support.browser import Visitor, launch
from support.system import PASSWORD


def first_loads(base: str, paths: Sequence[str], name: str = "admin") -> dict[str, float]:
    """The kB of each page with all that it needs, fetched by Chromium for the first time."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        kept = Visitor(browser, base, "desk")
        kept.sign_in(name, PASSWORD)
        cookies = kept.page.context.cookies()
        return {path: _first_load(browser, base + path, cookies) for path in paths}


def _first_load(browser: Browser, address: str, cookies: Any) -> float:
    context = browser.new_context()
    context.add_cookies(cookies)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    lengths: list[float] = []
    wire.on("Network.loadingFinished", lambda told: lengths.append(told["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)  # what scripts fetch behind it, the calendar its events
    context.close()
    return sum(lengths) / 1000
