"""The HTML of a mail, made harmless a second time, just before it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt"),
    *("em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre"),
    *("s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
CID = "cid:"
LINKS = ("http://", "https://", "mailto:", "tel:")  # none to an address of our own
FROM_ELSEWHERE = ("http://", "https://")
# Pictures that programs cannot be hidden in, within the HTML itself.
_OWN_DATA = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class Harmless:
    """HTML to be shown, and how many pictures from elsewhere were held back in it."""

    html: str
    held_back: int


def harmless(
    html: str, picture_address: Callable[[str], str | None], *, from_elsewhere: bool = False
) -> Harmless:
    """The HTML without anything that runs, styles or tracks.

    Pictures stay where they refer to an attachment of the mail (`cid:`, RFC 2392), for whose
    Content-ID `picture_address` answers our address, None when there is no such; and where
    they stand in the HTML itself. Those that are fetched from elsewhere tell their owner that
    the mail is read: they stay only when the reader asked for them.
    """
    held_back = 0

    def picture(source: str) -> str | None:
        nonlocal held_back
        if source.lower().startswith(CID):
            return picture_address(source[len(CID) :])
        if source.lower().startswith(FROM_ELSEWHERE):
            held_back += not from_elsewhere
            return source if from_elsewhere else None
        return source if _OWN_DATA.fullmatch(source) else None

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if value.lower().startswith(LINKS) else None
        return picture(value.strip()) if attribute == "src" else value

    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"loading": "lazy"}},
    )
    return Harmless(cleaned, held_back)
