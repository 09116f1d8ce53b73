"""The line by which a telephone or a program signs a mail: "Sent from my iPhone".

It is told by two signs, the words of sending or getting and the name of a device or program, in a
line that says nothing else: whoever is in doubt leaves it in the text.
"""

from __future__ import annotations

import re

from services.mailgw.incoming import program_signature_words as words

MOST_LINE_CHARACTERS = 500  # with the links
MOST_CHARACTERS = 100
_LINK = re.compile(r"\(?[<\[(]?https?://[^\s<>\[\]()]{1,400}[>\])]?\)?")
_SENDS = re.compile(
    "|".join(re.escape(one) for one in sorted(words.SENDING, key=len, reverse=True))
)
_NAMED = re.compile("|".join(re.escape(one) for one in words.NAMES))
_WITHOUT_SPACES = re.compile("|".join(words.WITHOUT_SPACES).replace("{name}", _NAMED.pattern))
_SAYS_MORE = re.compile(r"[;!?，。；：！？]|[.…]\s")
_RULER = re.compile(r"\s*(?:--|_{2,})\s*")


def signature_begins(lines: list[str], end: int) -> int:
    """Where the signature of a program begins that the lines before `end` end with; else `end`.

    The "-- " above it (RFC 3676 §4.3) belongs to it.
    """
    begin = end
    at = _above_blanks(lines, end)
    while at > 0 and is_program_signature(lines[at - 1], lines[at - 2] if at > 1 else ""):
        begin = at - 1
        at = _above_blanks(lines, begin)
    if begin < end and at > 0 and _RULER.fullmatch(lines[at - 1]):
        begin = at - 1
    return begin


def is_program_signature(line: str, above: str = "") -> bool:
    """Whether the line is one. Within a paragraph it does not begin small: a sentence does that
    the lines were broken of."""
    if len(line) > MOST_LINE_CHARACTERS:
        return False
    said = _LINK.sub("", line).strip(" \t\u00a0*_-[]()<>|~").rstrip(".。")
    if not said or len(said) > MOST_CHARACTERS or _SAYS_MORE.search(said):
        return False
    small = said[0].islower() and not said.startswith("iPhone")
    return not (small and above.strip()) and _is_one(said.casefold())


def _is_one(said: str) -> bool:
    if _WITHOUT_SPACES.fullmatch(said):
        return True
    sends = _SENDS.match(said)
    if not (sends or said.endswith(words.SENT)) or not _NAMED.search(said):
        return False
    rest = said[sends.end() :] if sends else said
    return all(_may_stand(word) for word in re.split(r"[\s()\[\],:]+|(?<!\w)[dl]['’]", rest))


def _may_stand(word: str) -> bool:
    known = word in words.OTHERS or _NAMED.match(word) is not None
    return known or not word or any(one.isdigit() for one in word)


def _above_blanks(lines: list[str], at: int) -> int:
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return at
