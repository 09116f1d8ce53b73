"""Tags as they are kept: lower case, each once, in the order given (K1)."""

from __future__ import annotations

from collections.abc import Iterable

from services.contracts.errors import InvalidRequest

LONGEST_TAG = 50
MOST_TAGS = 30


def tidy_tags(given: Iterable[str], field: str = "tags") -> tuple[str, ...]:
    """The tags without blanks around them, in lower case and each once.

    Raises InvalidRequest naming `field` for a tag or a number of tags that cannot be kept.
    """
    tags = tuple(dict.fromkeys(_tidy(one, field) for one in given))
    if len(tags) > MOST_TAGS:
        raise InvalidRequest(field, f"give at most {MOST_TAGS} tags; these are {len(tags)}")
    return tags


def tag_asked_for(given: str) -> str:
    """The tag that somebody looks for, as it would be kept."""
    return " ".join(given.split()).casefold()


def _tidy(tag: str, field: str) -> str:
    kept = tag_asked_for(tag)
    if not 1 <= len(kept) <= LONGEST_TAG:
        raise InvalidRequest(field, f"a tag has 1 to {LONGEST_TAG} characters; {tag!r} does not")
    if "," in kept:
        raise InvalidRequest(field, f"a tag has no comma; give {tag!r} as several tags")
    if not kept.isprintable():
        raise InvalidRequest(field, f"a tag has letters, digits and signs only; {tag!r} does not")
    return kept
