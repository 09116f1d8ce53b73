"""A mail's HTML is never shown unsanitised: nothing runs, styles, tracks or fetches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.pages.mail_html import harmless

PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://tracker.example/x.png'>",
    "<img src='//tracker.example/x.png'>",
    "<img src='/sign-out'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img srcset='https://tracker.example/x.png 2x'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='/sign-out'>x</a>",
    "<a href='https://example.org/' onclick='x()'>x</a>",
    "<p style='background:url(https://tracker.example/x)'>x</p>",
    "<style>@import 'https://tracker.example/x'</style>",
    "<link rel=stylesheet href=https://tracker.example/x>",
    "<iframe src=https://tracker.example></iframe>",
    "<form action=https://tracker.example><input name=password></form>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<base href='https://tracker.example/'>",
    "<meta http-equiv=refresh content='0;url=https://tracker.example'>",
    "<object data=x><embed src=x><video src=https://tracker.example/x poster=x>",
    "<table><tr><td>1<td>2</table>",
    "<!-- <script> --><![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<b>bold",
    "</div></main>",
]
FORBIDDEN = re.compile(
    r"<(script|style|link|iframe|form|input|svg|math|base|meta|object|embed|video|noscript)\b"
    r"|<[^>]*\s(on\w+|style|srcset|class|id|action|poster)\s*=",
    re.IGNORECASE,
)


def nowhere(_content_id: str) -> str | None:
    return None


def check(html: str) -> None:
    shown = harmless(html, nowhere).html
    assert not FORBIDDEN.search(shown), shown
    assert "src=" not in shown, shown
    for address in re.findall(r'href="([^"]*)"', shown):
        assert re.match(r"(https?://|mailto:|tel:)", address), shown


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_nothing_harmful_passes_however_it_is_nested(html: str) -> None:
    check(html)


@given(st.text(alphabet="<>/='\" abcimgsronehtp:;&#!-x\n", max_size=200))
def test_nothing_harmful_passes_whatever_is_written(html: str) -> None:
    check(html)


def test_what_a_mail_is_made_of_stays() -> None:
    html = "<p>Dear <b>all</b></p><ul><li>one</li></ul><table><tbody><tr><td>1</td></tr></tbody>"
    shown = harmless(html + "</table>", nowhere).html
    assert "<b>all</b>" in shown and "<li>one</li>" in shown and "<td>1</td>" in shown


def test_a_picture_of_the_mail_itself_is_shown_from_our_address() -> None:
    known = {"pic@mail": "/cases/101/messages/1/attachments/0"}
    shown = harmless("<img src='cid:pic@mail' alt='x'><img src='cid:other'>", known.get).html
    assert 'src="/cases/101/messages/1/attachments/0"' in shown
    assert shown.count("src=") == 1


@pytest.mark.parametrize("address", ["https://example.org/a?b=1", "mailto:a@example.org"])
def test_a_link_stays_and_tells_its_goal_nothing_of_us(address: str) -> None:
    shown = harmless(f"<a href='{address}'>x</a>", nowhere).html
    assert f'href="{address}"' in shown
    assert "noopener noreferrer nofollow" in shown and 'target="_blank"' in shown


PIXEL = "<img src='https://track.example/p.gif' width=1><img src='http://x.example/a.png'>"


def test_pictures_from_elsewhere_are_held_back_until_they_are_asked_for() -> None:
    shown = harmless(PIXEL, nowhere)
    assert (shown.held_back, "src=" in shown.html) == (2, False)
    asked = harmless(PIXEL, nowhere, from_elsewhere=True)
    assert asked.held_back == 0 and 'src="https://track.example/p.gif"' in asked.html
    assert (
        "javascript" not in harmless("<img src='javascript:x'>", nowhere, from_elsewhere=True).html
    )


@pytest.mark.parametrize(
    ("source", "stays"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", True),
        ("data:image/svg+xml;base64,PHN2Zz4=", False),
        ("data:text/html;base64,PHN2Zz4=", False),
        ("data:image/png,<b>", False),
        ("//track.example/p.gif", False),
        ("/cases/1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_a_picture_within_the_html_stays_when_it_is_one(source: str, stays: bool) -> None:
    for asked in (False, True):
        shown = harmless(f'<img src="{source}">', nowhere, from_elsewhere=asked)
        assert ("src=" in shown.html) is stays
