"""Where mail programs mark in HTML what is quoted."""

from __future__ import annotations

import re

# Behind these everything is quoted: Outlook on the web, new Outlook and for mobiles, for Mac,
# Zimbra, Zoho, Spark.
_BELOW = re.compile(
    r"""<(?:div|hr|table|span)\s[^<>]{0,300}?"""
    r"""(?:class|id|name)\s?=\s?["']?(?:[^"'<>]{0,60}\s)?"""
    r"""(?:divRplyFwdMsg|appendonsend|ms-outlook-mobile-reference-message"""
    r"""|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|zwchr|zmail_extra"""
    r"""|messageReplySection)(?![\w-])""",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)(div|blockquote|includetail)(?![\w-])([^<>]{0,2000})>", re.IGNORECASE)
# An element of these is quoted, and nothing behind it: Gmail and all that copy it, Yahoo,
# ProtonMail, Tutanota, Thunderbird, Roundcube, Apple Mail, Front, Missive, mail.ru, NetEase, AOL.
_QUOTED_DIV = re.compile(
    r"""(?:class|id)\s?=\s?["']?(?:[^"'<>]{0,60}\s)?(?:gmail_quote|gmail_attr|yahoo_quoted"""
    r"""|protonmail_quote|moz-cite-prefix|reply-intro|missive_quote|aolReplacedBody"""
    r"""|mail-quote-collapse|mail-app-auto-quote|ntes-mailmaster-quote)(?![\w-])""",
    re.IGNORECASE,
)
_QUOTED_BLOCK = re.compile(
    r"""type\s?=\s?["']?cite|(?:class|id)\s?=\s?["']?(?:[^"'<>]{0,60}\s)?(?:gmail_quote"""
    r"""|protonmail_quote|tutanota_quote|front-blockquote|isReplyContent)(?![\w-])"""
    r"""|border-left(?:-\w+)?\s?:""",
    re.IGNORECASE,
)
# Yandex and others mark the block by nothing but the line above it, which names the sender.
_ANY_TAG = re.compile(r"<[^<>]{0,1000}>")
MOST_BEFORE_CHARACTERS = 400
# Unicode says that they are no characters: no mail means anything by them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")


def split_html(html: str) -> tuple[str, str]:
    """The HTML above the first mark below which all is quoted, and from it on; all and nothing
    without one.

    Neither half is well formed: they are fit for being laid out as text, nothing else.
    """
    found = _BELOW.search(html)
    return (html[: found.start()], html[found.start() :]) if found else (html, "")


def with_marks(html: str) -> str:
    """HTML whose quoted elements stand between marks, which stay when it is laid out as text."""
    html = _MARKS.sub("", html)
    pieces: list[str] = []
    done = 0
    for begin, end in _elements(html):
        pieces += [html[done:begin], f"<div>{_OPEN}</div>", html[begin:end]]
        pieces.append(f"<div>{_CLOSE}</div>")
        done = end
    return "".join([*pieces, html[done:]])


def with_quoted_lines(text: str) -> str:
    """The text of such HTML: lines between marks begin with > as in a mail of plain text."""
    lines: list[str] = []
    quoted = False
    for line in text.split("\n"):
        said = _MARKS.sub("", line).rstrip()
        opens = _OPEN in line
        if said.strip() or not _MARKS.search(line):
            lines.append(f"> {said.lstrip()}".rstrip() if quoted or opens else said)
        marks = _MARKS.findall(line)
        quoted = marks[-1] == _OPEN if marks else quoted
    return "\n".join(lines)


def _elements(html: str) -> list[tuple[int, int]]:
    """Where the outermost quoted elements stand.

    Gmail puts an answer written below its quotation into the element of the quotation: one that
    holds a block ends with this block.
    """
    found: list[tuple[int, int]] = []
    name, begin, depth = "", 0, 0
    for tag in _TAG.finditer(html):
        kind, ends = tag[2].lower(), bool(tag[1])
        if not name:
            if not ends and (_is_quoted(kind, tag[3]) or _is_named(html, tag)):
                name, begin, depth = kind, tag.start(), 1
        elif name == "div" and kind == "blockquote" and not ends:
            name, depth = kind, 1
        elif kind == name:
            depth += -1 if ends else 1
            if depth == 0:
                found.append((begin, tag.end()))
                name = ""
    return [*found, (begin, len(html))] if name else found


def _is_named(html: str, tag: re.Match[str]) -> bool:
    if tag[2].lower() != "blockquote":
        return False
    before = html[max(tag.start() - MOST_BEFORE_CHARACTERS, 0) : tag.start()]
    line = _ANY_TAG.sub(" ", before).rstrip()
    return "@" in line and line.endswith((":", "："))


def _is_quoted(kind: str, attributes: str) -> bool:
    if kind == "includetail":
        return True
    return bool((_QUOTED_DIV if kind == "div" else _QUOTED_BLOCK).search(attributes))
