"""The readable body of a mail: text, quotation, sanitised HTML."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from dataclasses import dataclass

import inscriptis
import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from lxml.etree import LxmlError

from services.mailgw.incoming.html_quotation import split_html, with_marks, with_quoted_lines
from services.mailgw.incoming.program_signature import is_program_signature
from services.mailgw.incoming.quotation import split_quotation

MOST_TEXT_CHARACTERS = 200_000
MOST_HTML_CHARACTERS = 1_000_000
CUT = "\n\n[The text is cut here; the whole mail is kept and can be downloaded.]"
# Cleaning takes time in the square of the depth: 100,000 open <div> kept it busy for 75 seconds.
MOST_OPEN_ELEMENTS = 500
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# The usual profile indents by each <div>, and programs put ten of them around a word; none knows
# that a ruler ends a line.
_LAYOUT = ParserConfig(
    css={**CSS_PROFILES["strict"], "hr": HtmlElement(tag="hr", display=Display.block)}
)
# Those that have no end, or whose end may be left out.
_NEVER_DEEP = frozenset(
    {
        *("area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr"),
        *("html", "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param"),
        *("source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr"),
    }
)


@dataclass(frozen=True)
class Body:
    """New text, quoted text and sanitised HTML of a mail."""

    text: str
    quoted: str
    html: str | None


def read_body(plain: str, html: str) -> Body:
    """The body from the plain and HTML parts' texts; plain is made of HTML when it is empty."""
    html = flat(html[:MOST_HTML_CHARACTERS])
    safe = sanitised(html) if html.strip() else None
    text, marked = (plain, "") if plain.strip() else _texts_of(html)
    if len(text) > MOST_TEXT_CHARACTERS:
        return Body(text[:MOST_TEXT_CHARACTERS] + CUT, "", safe)
    new, quoted = split_quotation(text.strip())
    return Body(new, "\n\n".join(one for one in (quoted, marked) if one), safe)


def sanitised(html: str) -> str:
    """HTML without anything that acts or styles.

    Pictures from elsewhere stay in it: whoever shows it holds them back until they are asked
    for (web/pages/mail_html.py).
    """
    return nh3.clean(
        html, url_schemes={"http", "https", "mailto", "cid", "data"}, attribute_filter=_attribute
    )


def as_text(html: str) -> str:
    """HTML laid out as plain text."""
    if not html.strip():
        return ""
    try:
        return str(inscriptis.get_text(html, _LAYOUT))
    except (LxmlError, ValueError, TypeError, AttributeError, RecursionError, IndexError):
        return entities.unescape(nh3.clean(html, tags=set()))


def _texts_of(html: str) -> tuple[str, str]:
    """HTML as text, its quotations marked by >, and what its program quoted below all of it.

    Where nothing but quotations and the signature of a program stands, it is the message: a mail
    that only forwards.
    """
    above, below = split_html(html)
    new = with_quoted_lines(as_text(with_marks(above)))
    said, _ = split_quotation(new.strip())
    if not any(_is_new(line) for line in said.split("\n")):
        return as_text(html), ""
    return new, as_text(below).strip()[:MOST_TEXT_CHARACTERS]


def _is_new(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(">") and not is_program_signature(line)


def flat(html: str) -> str:
    """The HTML, or its mere text when its elements are nested beyond reason."""
    return re.sub(r"<[^<>]*>?", " ", html) if _is_too_deep(html) else html


def _is_too_deep(html: str) -> bool:
    open_elements: Counter[str] = Counter()
    depth = 0
    for end, name in _TAG.findall(html.lower()):
        if name in _NEVER_DEEP:
            continue
        if not end:
            open_elements[name] += 1
            depth += 1
        elif open_elements[name]:
            open_elements[name] -= 1
            depth -= 1
        if depth > MOST_OPEN_ELEMENTS:
            return True
    return False


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Data only as a picture: elsewhere it may be a page of its own."""
    if value.lower().lstrip().startswith("data:") and (tag, attribute) != ("img", "src"):
        return None
    return value
