"""Somebody who has no mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 120
HAS_FOCUS = "it => it === document.activeElement"


def tab_to(page: Page, wanted: Locator) -> None:
    """Tab by tab until it has the focus; raises AssertionError when it cannot be reached."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go there by Tab, and press the key."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, wanted: Locator, text: str) -> None:
    """Go there by Tab, and write."""
    tab_to(page, wanted)
    page.keyboard.type(text)
