"""What every answer carries, and what files may not hold, so that a browser runs only ours."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import Answers, a_case, bench, sign_in, token

import services.web
from services.web.access.limits import limiter

WEB = Path(services.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/cases", "/nothing"])
def test_every_answer_lets_a_browser_trust_nothing_else(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_script_a_style_or_a_foreign_address(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on", text)
    assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", text)
    assert not re.search(r"https?://", text)


def test_only_the_sanitised_mail_is_shown_unescaped() -> None:
    unescaped = [path.name for path in TEMPLATES if re.search(r"\|\s*safe\b", path.read_text())]
    assert unescaped == ["formatted.html"]


def test_every_icon_of_a_template_is_built() -> None:
    built = set((WEB / "static" / "icons.txt").read_text().split())
    macros = (WEB / "templates" / "macros.html").read_text()
    used = set(re.findall(r'"[a-z]+": "([a-z-]+)"', macros))
    for path in TEMPLATES:
        text = path.read_text()
        used |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', text))
        used |= set(re.findall(r'call empty\("([a-z0-9-]+)"', text))
        used |= set(re.findall(r'entry\(.*?, "([a-z0-9-]+)", "[A-Z]', text))
    assert used <= built, used - built


def test_behind_tls_cookies_go_over_tls_only(tmp_path: Path) -> None:
    app, _ = bench(tmp_path, web_https=True)
    limiter.reset()
    client = app.test_client()
    assert sign_in(client, base_url="https://desk.example/") == 303
    cookie = client.get_cookie("casewire", domain="desk.example")
    assert cookie is not None and cookie.secure
    assert "Strict-Transport-Security" in client.get("/sign-in").headers


ATTACHMENT = {"mail_id": "m1", "part": 2, "filename": "page.html", "content_type": "text/html"}
MAIL = {
    "number": 1,
    "kind": "mail",
    "direction": "in",
    "author": "A <a@b.c>",
    "at": "2026-11-24T10:00:00Z",
    "attachments": [{**ATTACHMENT, "size_bytes": 3}],
}


@pytest.mark.parametrize(
    ("claimed", "given"),
    [
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/pdf", "application/octet-stream"),
        ("image/png", "image/png"),
    ],
)
def test_K3_an_attachment_is_only_ever_a_download(
    client: FlaskClient, answers: Answers, claimed: str, given: str
) -> None:
    content = base64.b64encode(b"abc").decode()
    answers.by_method["get_case"] = a_case(messages=[MAIL])
    answers.by_method["get_attachment"] = {
        "filename": '../"evil"\r\nX: y.html',
        "content_type": claimed,
        "content_base64": content,
    }
    path = "/api/v1/cases/101/messages/1/attachments"
    answer = client.get(f"{path}/0", headers=token(client, "tom"))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"abc", given)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "X" not in answer.headers
    assert answers.last("get_attachment") == {"mail_id": "m1", "part": 2}
    assert client.get(f"{path}/1", headers=token(client, "tom")).status_code == 404


ROW = {"kind": "claim", "count": 2, "closed": 1, "average_hours_to_close": 3.0}


@pytest.mark.parametrize(
    ("query", "accept"), [("&format=csv", "*/*"), ("", "text/csv"), ("", "text/csv, */*;q=0.1")]
)
def test_R6_a_report_is_a_table_for_whoever_asks_for_one(
    client: FlaskClient, answers: Answers, query: str, accept: str
) -> None:
    answers.by_method["report"] = {"rows": [ROW], "as_of": 9}
    header = token(client, "rita")
    answer = client.get(f"/api/v1/reports?by=kind{query}", headers={**header, "Accept": accept})
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[1] == "claim,EUR,2,1,3.0,0,0,0"
    usual: Any = client.get("/api/v1/reports?by=kind", headers=header).json
    assert (usual["items"][0]["count"], usual["next"], usual["as_of"]) == (2, None, 9)
    assert answers.last("report")["question"]["by"] == ["kind"]
