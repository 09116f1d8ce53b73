"""Telling what the sender wrote newly from what he quoted.

Line by line, in time proportional to the text. The library for it (mail-parser-reply) took 41
seconds for a mail of 16,000 empty lines, and dropped lines that only resembled a heading.

Answers below a quotation, and between its lines, are new: where the quotation is marked by >, it
ends with the marks. One that is answered line by line stays visible, for the answers need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.mailgw.incoming.program_signature import signature_begins
from services.mailgw.incoming.quotation_headings import (
    attribution_above,
    attribution_lines,
    is_heading,
)

MOST_SIGNATURE_LINES = 8
_QUOTED = re.compile(r"^\s{0,3}>")
_SIGNATURE = re.compile(r"^-- ?$")  # RFC 3676 §4.3; its blank is often lost
_RULER = re.compile(r"^\s{0,3}(?:_{5,}|-{3,}.{0,60}-{3,}|[═─—]{5,})\s*$")


@dataclass(frozen=True)
class Span:
    """Lines that are quoted, `end` not among them."""

    begin: int
    end: int


def split_quotation(text: str) -> tuple[str, str]:
    """What the sender wrote newly, and what he quoted, with the signature of his program.

    A mail that consists of quotation alone is taken as new: nothing may seem empty.
    """
    lines = text.split("\n")
    folded = [False] * len(lines)
    for span in _to_fold(lines, _spans(lines)):
        folded[span.begin : span.end] = [True] * (span.end - span.begin)
    _fold_signature(lines, folded)
    new = "\n".join(line for line, hidden in zip(lines, folded, strict=True) if not hidden).strip()
    quoted = "\n".join(line for line, hidden in zip(lines, folded, strict=True) if hidden).strip()
    return (new, quoted) if new else (text, "")


def _spans(lines: list[str]) -> list[Span]:
    """Every quotation that something says to be one, in order."""
    bare = [line.strip() for line in lines]
    spans: list[Span] = []
    begin = 0
    if bare[0].startswith(">"):
        begin = _end_of_marked(lines, 0)
        spans.append(Span(0, begin))
    at = begin
    while at < len(bare):
        if is_heading(bare, at):
            return [*spans, Span(_above_rulers(lines, at, begin), len(lines))]
        below = at + attribution_lines(bare, at)
        if below == at:
            at += 1
            continue
        end = _end_of_marked(lines, below)
        spans.append(Span(_above_rulers(lines, at, begin), end))
        at = begin = end
    last = _quoted_end(lines, begin)
    return spans if last is None else [*spans, Span(last, len(lines))]


def _end_of_marked(lines: list[str], at: int) -> int:
    """Where the quotation ends whose text begins here: with its marks, or, without any, never."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines) or not _QUOTED.match(lines[at]):
        return len(lines)
    while at < len(lines) and (not lines[at].strip() or _QUOTED.match(lines[at])):
        at += 1
    return at


def _to_fold(lines: list[str], spans: list[Span]) -> list[Span]:
    """Those at the end, and the only one above all that is new."""
    end = len(lines)
    kept = list(spans)
    last: list[Span] = []
    while kept and _is_nothing_new(lines, kept[-1].end, end):
        end = kept[-1].begin
        last = [Span(end, len(lines))]
        kept.pop()
    if len(kept) == 1 and not any(_QUOTED.match(line) for line in lines[kept[0].end : end]):
        return [Span(kept[0].begin, _without_blanks(lines, kept[0].end)), *last]
    return last


def _without_blanks(lines: list[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _is_nothing_new(lines: list[str], begin: int, end: int) -> bool:
    """Whether only a signature stands between the two, or nothing."""
    said = [at for at in range(begin, end) if lines[at].strip()]
    if not said or signature_begins(lines[begin:end], end - begin) <= said[0] - begin:
        return True
    return bool(_SIGNATURE.match(lines[said[0]])) and len(said) <= MOST_SIGNATURE_LINES


def _fold_signature(lines: list[str], folded: list[bool]) -> None:
    end = len(lines)
    while end > 0 and (folded[end - 1] or not lines[end - 1].strip()):
        end -= 1
    begin = signature_begins(lines, end)
    if begin < end:
        folded[begin:end] = [True] * (end - begin)


def _quoted_end(lines: list[str], begin: int) -> int | None:
    """Where the quotation begins that the text ends with, in any language: lines marked by >,
    below a line that ends in a colon and names somebody or a moment."""
    at = len(lines)
    first = None
    while at > begin and (not lines[at - 1].strip() or _QUOTED.match(lines[at - 1])):
        at -= 1
        first = at if lines[at].strip() else first
    if first is None:
        return None
    above = first
    while above > begin and not lines[above - 1].strip():
        above -= 1
    start = attribution_above(lines[begin:above])
    return first if start is None else begin + start


def _above_rulers(lines: list[str], at: int, begin: int) -> int:
    while at > begin and (not lines[at - 1].strip() or _RULER.match(lines[at - 1])):
        at -= 1
    return at
