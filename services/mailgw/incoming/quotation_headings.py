"""The lines by which mail programs say that a quotation follows."""

from __future__ import annotations

import re

from services.mailgw.incoming import quotation_words as words

MOST_HEADING_CHARACTERS = 400
MOST_HEADING_LINES = 3  # programs that break lines at 72 break these, too
MOST_BLOCK_LINES = 6


def _any_of(terms: tuple[str, ...]) -> str:
    return "|".join(re.escape(one) for one in sorted(terms, key=len, reverse=True))


_WROTE = re.compile(
    rf"(?<!\w)(?:{_any_of(words.WROTE)})(?![\w(])|(?:写道|寫道|のメール|のメッセージ|は書きました)"
)
_OPENER = re.compile(rf"(?:{_any_of(words.OPENERS)})[\s,]|\d{{1,4}}[年/.\-]|在 ?\d")
_WITH_ADDRESS = re.compile(r"[^<>]{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>")
_MOMENT = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./]\d{1,2}")
_JAPANESE_MOMENT = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日[^<>]{0,100}<[^<>\s]{1,200}@[^<>\s]{1,200}>"
)
_SEPARATOR = re.compile(
    rf"(?:[-_*=]{{2,80}}\s{{0,5}}(?:{_any_of(words.SEPARATORS)})\s{{0,5}}:?\s{{0,5}}[-_*=]{{2,80}}"
    rf"|(?:{_any_of(words.SEPARATORS)})\s?[:：])"
)
_NOTES = re.compile(rf"-{{3,20}}.{{1,200}}(?:{_any_of(words.WROTE)}):? ?-{{3,20}}")
_LABEL = re.compile(r"[*_\s]{0,4}([^:：*<>@]{1,30}?)[*_\s]{0,3}\s?[:：]")


def is_heading(bare: list[str], number: int) -> bool:
    """Whether one begins with this line; `bare` are the lines without blanks around them."""
    line = bare[number].casefold()
    if not line or len(line) > MOST_HEADING_CHARACTERS or line.startswith(">"):
        return False
    if _SEPARATOR.fullmatch(line) or _NOTES.fullmatch(line):
        return True
    return _is_block(bare, number) or _says_who_wrote(bare, number)


def _is_block(bare: list[str], number: int) -> bool:
    """Outlook's From, Sent, To, Subject: From or Sent first, and three kinds of them in all."""
    first = _label(bare[number])
    if first not in words.FROM and first not in words.SENT:
        return False
    labels = {_label(line) for line in bare[number : number + MOST_BLOCK_LINES] if line}
    others = sum(bool(labels & kind) for kind in (words.SENT, words.TO, words.SUBJECT))
    return bool(labels & words.FROM) and others >= 2


def _label(line: str) -> str:
    found = _LABEL.match(line[:60].casefold())
    return found[1].strip() if found else ""


def _says_who_wrote(bare: list[str], number: int) -> bool:
    """Whether "On 3 March 2025 at 10:00, Ann wrote:" begins here, on up to three lines."""
    first = bare[number].casefold()
    if not (_OPENER.match(first) or _WITH_ADDRESS.match(first)):
        return False
    heading = ""
    for place in range(number, min(number + MOST_HEADING_LINES, len(bare))):
        heading = f"{heading} {bare[place]}".strip().casefold()
        if not bare[place] or len(heading) > MOST_HEADING_CHARACTERS:
            return False
        if heading.endswith((":", "：")):
            if _JAPANESE_MOMENT.match(heading):
                return True
            certain = "@" in heading or _MOMENT.search(heading) or _is_quoted(bare, place + 1)
            return bool(certain and _WROTE.search(heading))
    return False


def _is_quoted(bare: list[str], number: int) -> bool:
    """Whether a quoted line stands here, at most an empty one between."""
    return next((line.startswith(">") for line in bare[number : number + 2] if line), False)
