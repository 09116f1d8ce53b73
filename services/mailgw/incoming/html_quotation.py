"""Where mail programs mark in HTML that what follows is quoted."""

from __future__ import annotations

import re

# Gmail, Outlook on the web and new Outlook, Yahoo, Outlook for mobiles, ProtonMail, Zimbra.
_MARK = re.compile(
    r"""<(?:div|hr|blockquote|table)\s[^<>]{0,300}?"""
    r"""(?:class|id)\s?=\s?["']?(?:[^"'<>]{0,60}\s)?"""
    r"""(?:gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|ms-outlook-mobile-reference-message"""
    r"""|protonmail_quote|zwchr)(?![\w-])""",
    re.IGNORECASE,
)


def split_html(html: str) -> tuple[str, str]:
    """The HTML above the first such mark, and from it on; all and nothing without one.

    Neither half is well formed: they are fit for being laid out as text, nothing else.
    """
    found = _MARK.search(html)
    return (html[: found.start()], html[found.start() :]) if found else (html, "")
