"""Debian's Chromium, and somebody who sits before it."""

from __future__ import annotations

import os

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect
from support.system import PASSWORD, ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": (1280, 860), "telephone": (390, 844)}
SCHEMES = ("light", "dark")
# Of what looks alike on a telephone once is enough, and pages are walked at both widths and in
# both schemes, not in each of the four; `EVERY_SIZE=yes` walks all.
EVERY_SIZE = bool(os.environ.get("EVERY_SIZE"))
WIDE = tuple(SIZES) if EVERY_SIZE else ("desk",)
LOOKS = (
    [(size, scheme) for size in SIZES for scheme in SCHEMES]
    if EVERY_SIZE
    else [("desk", "light"), ("telephone", "dark")]
)


def launch(playwright: Playwright) -> Browser:
    """A browser without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


class Visitor:
    """A browser window; it keeps what the page complained of."""

    def __init__(
        self,
        browser: Browser,
        base: str,
        size: str,
        scheme: str = "light",
        locale: str = "en-GB",
    ) -> None:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=base,
            locale=locale,
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.label = f"{width}-{scheme}"
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser itself notes each answer that is no success; those are looked at by name.
        if message.type in ("error", "warning") and "the server responded" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name: str = "admin", password: str = PASSWORD) -> None:
        self.page.goto("/")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def shot(self, name: str) -> None:
        """Keep a picture of the page, and see that it does not scroll sideways."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{self.label}.jpg"
        self.page.screenshot(path=path, full_page=True, type="jpeg", quality=85)
        excess = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert excess <= 0, f"{name} is {excess} px too wide at {self.label}"


def signed_in(browser: Browser, base: str, size: str = "desk") -> Visitor:
    """Somebody who is signed in as the administrator."""
    visitor = Visitor(browser, base, size)
    visitor.sign_in()
    return visitor


def without_script(browser: Browser, base: str) -> Page:
    """A page of the administrator's in a browser that runs no script."""
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page
