"""Telling what the sender wrote newly from what he quoted below it."""

from __future__ import annotations

import re

from mailparser_reply import EmailReplyParser

# The splitter's patterns take time in the product of these: 36,000 characters of
# "On On On …" kept it busy for 32 seconds.
MOST_SPLITTING = 1_000_000
MOST_ATTRIBUTION_LINES = 3
MOST_ATTRIBUTION_CHARACTERS = 300
HEADER_LINES = 6
FEWEST_HEADERS = 3
_OPENERS = re.compile(r"\b(?:on|am|le|el|il|op|from|von|de|da|em)\b", re.IGNORECASE)
_SPLITTER = EmailReplyParser(languages=["en", "de", "fr", "es", "it", "nl"])
_QUOTED = re.compile(r"^\s{0,3}>")
# The first header of the block that Outlook, Notes and others put above what they quote.
_FROM = re.compile(
    r"^\s{0,3}\*?(?:from|von|de|da|van|od|från|fra|lähettäjä|feladó|expeditor|gönderen|от|від|από"
    r"|差出人|送信者|发件人|發件人|寄件者|寄件人|보낸 사람|מאת|من)\*?\s?[:：]\*?",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s{0,3}\*?[^\s:：>*][^:：\n]{0,24}\*?\s?[:：]")
_RULER = re.compile(r"^\s{0,3}(?:_{5,}|-{3,}.{0,60}-{3,}|[═─—]{5,})\s*$")


def split_quotation(text: str) -> tuple[str, str]:
    """What the sender wrote newly, and what he quoted below it.

    A mail that consists of quotation alone is taken as new: nothing may seem empty.
    """
    lines = text.split("\n")
    starts = [at for at in (_header_block(lines), _quoted_end(lines)) if at is not None]
    found = [_cut(lines, min(starts))] if starts else []
    if len(text) * len(_OPENERS.findall(text)) <= MOST_SPLITTING:
        found.append(_by_library(text))
    sensible = [one for one in found if one[0]]
    return min(sensible, key=lambda one: len(one[0])) if sensible else (text, "")


def _cut(lines: list[str], at: int) -> tuple[str, str]:
    return "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()


def _by_library(text: str) -> tuple[str, str]:
    replies = _SPLITTER.read(text).replies
    new = (replies[0].full_body if replies else text).strip()
    at = text.find(new)
    return (new, text[at + len(new) :].strip()) if new and at >= 0 else (text, "")


def _quoted_end(lines: list[str]) -> int | None:
    """Where the quotation begins that the text ends with, in any language: lines marked by >,
    below a line that ends in a colon and names somebody or a day."""
    at = len(lines)
    first = None
    while at > 0 and (not lines[at - 1].strip() or _QUOTED.match(lines[at - 1])):
        at -= 1
        first = at if lines[at].strip() else first
    if first is None:
        return None
    above = first
    while above > 0 and not lines[above - 1].strip():
        above -= 1
    if not above or not lines[above - 1].rstrip().endswith((":", "：")):
        return first
    begin = above - 1
    while begin > 0 and lines[begin - 1].strip() and above - begin < MOST_ATTRIBUTION_LINES:
        begin -= 1
    attribution = "\n".join(lines[begin:above])
    names_somebody = "@" in attribution or any(one.isdigit() for one in attribution)
    fits = len(attribution) <= MOST_ATTRIBUTION_CHARACTERS
    return begin if names_somebody and fits else first


def _header_block(lines: list[str]) -> int | None:
    """Where a block of headers begins that a mail program put above what it quotes."""
    for at, line in enumerate(lines):
        if not _FROM.match(line):
            continue
        block = lines[at : at + HEADER_LINES]
        if sum(bool(_HEADER.match(one)) for one in block) < FEWEST_HEADERS:
            continue
        return _above_rulers(lines, at)
    return None


def _above_rulers(lines: list[str], at: int) -> int:
    while at > 0 and (not lines[at - 1].strip() or _RULER.match(lines[at - 1])):
        at -= 1
    return at
