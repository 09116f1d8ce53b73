"""The words of a mail as HTML: paragraphs, links and quotations, and nothing to be fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from services.mailgw.outgoing.words import SEPARATOR, Words

MOST_CHARACTERS = 100_000  # what is longer goes as text alone
DEEPEST_QUOTATION = 5
STOPS = ".,;:!?'"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_BLANKS = re.compile(r" {2,}")
_QUOTATION = (
    '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex">'
)


def as_html(words: Words, language: str) -> str | None:
    """A whole page in UTF-8, or None when the words are too many to be worth it."""
    if len(words.text) + len(words.signature) + len(words.quoted) > MOST_CHARACTERS:
        return None
    parts = list(_flow(words.text.split("\n")))
    if words.signature:
        signature = _lines([SEPARATOR, *words.signature.split("\n")])
        parts.append(f'<p dir="auto" style="color:#666">{signature}</p>')
    if words.quoted:
        parts.append(f'<p dir="auto">{_line(words.heading)}</p>')
        parts += [_QUOTATION, *_flow(words.quoted.split("\n"), depth=1), "</blockquote>"]
    body = "\n".join(parts)
    known = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return (
        f'<!DOCTYPE html>\n<html{known}><head><meta charset="utf-8"></head>'
        f"<body>\n{body}\n</body></html>\n"
    )


def _flow(lines: Iterable[str], depth: int = 0) -> Iterator[str]:
    """The paragraphs among the lines, and what is quoted between them."""

    def is_quoted(line: str) -> bool:
        return line.startswith(">") and depth < DEEPEST_QUOTATION

    for quoted, group in groupby(lines, key=is_quoted):
        if quoted:
            inner = (line[1:].removeprefix(" ") for line in group)
            yield from (_QUOTATION, *_flow(inner, depth + 1), "</blockquote>")
        else:
            yield from _paragraphs(group)


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        if filled:
            yield f'<p dir="auto">{_lines(group)}</p>'


def _lines(lines: Iterable[str]) -> str:
    return "<br>\n".join(map(_line, lines))


def _line(line: str) -> str:
    """One line, escaped: what is an address of the web can be followed, blanks stay."""
    found = []
    end = 0
    for match in _LINK.finditer(line):
        address = _without_stop(match[0])
        found.append(_text(line[end : match.start()]))
        found.append(f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>')
        end = match.start() + len(address)
    found.append(_text(line[end:]))
    return "".join(found)


def _without_stop(address: str) -> str:
    """A stop or a closing bracket behind an address belongs to the sentence around it."""
    shorter = address.rstrip(STOPS)
    if shorter.endswith(")") and "(" not in shorter:
        return shorter.rstrip(STOPS + ")")
    return shorter


def _text(text: str) -> str:
    spaced = _BLANKS.sub(lambda blanks: "\u00a0" * len(blanks[0]), text.expandtabs(4))
    return escape(spaced, quote=False)
