"""M11: a mail's HTML on the page: its own pictures shown, those from elsewhere only when asked."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.browser import Visitor
from support.ports import free_port
from support.system import RunningSystem, wait_for

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A web server of somebody else, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Referer', '')}".strip())
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def newsletter(address: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "ann@blue.example", "support@ours.example"
    mail["Subject"] = "A mail with pictures"
    mail.set_content("See our pictures.")
    mail.add_alternative(
        "<p>See <b>our</b> pictures.</p><img id=own src='cid:logo@blue' alt='Logo'>"
        f"<img src='{address}/pixel.png' alt='Far'><script>document.title='hacked'</script>"
        f"<p style='background:url({address}/style.png)'>Bye</p>",
        subtype="html",
    )
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(PNG, "image", "png", cid="<logo@blue>")  # type: ignore[union-attr]
    return mail.as_bytes()


def test_M11_pictures_from_elsewhere_wait_until_they_are_asked_for(
    whole_system: RunningSystem, browser: Browser, elsewhere: tuple[str, list[str]]
) -> None:
    address, asked = elsewhere
    assert whole_system.deliver(newsletter(address)) == 0
    api = whole_system.api()
    case = wait_for(lambda: (api.get("/cases")["items"] or [None])[0], "the case")
    visitor = Visitor(browser, whole_system.web, "desk")
    visitor.sign_in()
    page = visitor.page
    page.goto(f"/cases/{case['number']}")
    page.get_by_text("Formatted", exact=True).click()
    page.get_by_text("1 picture from elsewhere held back").wait_for()
    wait_for(lambda: _shown(page, "Logo"), "the mail's own picture")
    assert asked == [] and page.title() != "hacked"

    page.locator(".cw-held-back").get_by_role("link", name="Show").click()
    wait_for(lambda: _shown(page, "Far"), "the picture from elsewhere")
    assert asked == ["/pixel.png"]
    assert page.locator(".cw-held-back").count() == 0
    assert visitor.complaints == []


def _shown(page: Page, alt: str) -> bool:
    picture = page.get_by_alt_text(alt)
    return picture.count() == 1 and bool(picture.evaluate("one => one.naturalWidth > 0"))
