"""The HTML of a mail, made harmless a second time, just before it is shown."""

from __future__ import annotations

from collections.abc import Callable

import nh3

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt"),
    *("em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre"),
    *("s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
CID = "cid:"
LINKS = ("http://", "https://", "mailto:", "tel:")  # none to an address of our own


def harmless(html: str, picture_address: Callable[[str], str | None]) -> str:
    """The HTML without anything that runs, styles, tracks, or fetches from elsewhere.

    Pictures stay only where they refer to an attachment of the mail (`cid:`, RFC 2392):
    `picture_address` answers our address for a Content-ID, None when there is no such.
    """

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if value.lower().startswith(LINKS) else None
        if attribute != "src":
            return value
        if not value.lower().startswith(CID):
            return None
        return picture_address(value[len(CID) :])

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
