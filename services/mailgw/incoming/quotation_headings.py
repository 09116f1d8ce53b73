"""The lines by which mail programs say that a quotation follows."""

from __future__ import annotations

import re

from services.mailgw.incoming import quotation_labels as labels
from services.mailgw.incoming import quotation_words as words

MOST_HEADING_CHARACTERS = 400
MOST_HEADING_LINES = 3  # programs that break lines at 72 break these, too
MOST_BLOCK_LINES = 8
FEWEST_MOMENTS = 2  # a day and a time
FEWEST_OTHERS = 2  # a web form's own From, Phone and Message are no quotation
# Hebrew and Arabic programs put them around the colon and the address.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _any_of(terms: tuple[str, ...]) -> str:
    return "|".join(re.escape(one.casefold()) for one in sorted(terms, key=len, reverse=True))


_WROTE = re.compile(
    rf"(?<!\w)(?:{_any_of(words.WROTE)})(?![\w(])"
    r"|(?:写道|寫道|のメール|のメッセージ|は書きました|님이 작성|작성:)"
)
_OPENER = re.compile(rf"(?:{_any_of(words.OPENERS)})[\s,.]|\d{{1,4}}[년年/.\-]|在 ?\d")
_WITH_ADDRESS = re.compile(r"[^<>]{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>")
_MOMENT = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./] ?\d{1,2}")
# Gmail in Japanese, Russian, Hungarian and others has no word for writing: a day, a time and
# an address in front of the colon say it.
_DAY_TIME_ADDRESS = re.compile(
    r"(?=[^<>]{0,120}\d{4})[^<>]{0,120}\d{1,2}[:.]\d{2}[^<>]{0,150}"
    r"\(?<\s?[^<>\s]{1,200}@[^<>\s]{1,200}>\)?[^<>\w]{0,10}"
)
_OWN_WORDS = re.compile(
    r"(?<!\w)(?:i|you|we|he|she|they|me|us|your|our|ich|sie|wir|er|mir|uns|ihre?|unsere?|je|vous"
    r"|nous|elle|votre|notre|yo|usted|io|lei|ik|jij|eu|ja|jag|jeg)(?!\w)"
)
_ENDS_A_SENTENCE = re.compile(r"(?<!\b[ap]\.m)(?<! г)(?<!\d)[.!?。]$")
_SEPARATOR = re.compile(
    rf"(?:[-_*=]{{2,80}}\s{{0,5}}(?:{_any_of(words.SEPARATORS)})\s{{0,5}}:?\s{{0,5}}[-_*=]{{2,80}}"
    rf"(?:\s{{0,5}}(?:{_any_of(tuple(labels.FROM))})\s?[:：].*)?"  # Samsung breaks no line there
    rf"|(?:{_any_of(words.SEPARATORS)})\s?[:：])"
)
_NOTES = re.compile(rf"-{{3,20}}.{{1,200}}(?:{_any_of(words.WROTE)}):? ?-{{3,20}}")
_LABEL = re.compile(r"[*_\s]{0,4}([^:：*<>@]{1,30}?)[*_\s]{0,3}\s?[:：]")


def is_heading(bare: list[str], number: int) -> bool:
    """Whether one begins with this line that all the rest belongs to: a separator or a block of
    headers; `bare` are the lines without blanks around them."""
    line = bare[number].casefold()
    if not line or len(line) > MOST_HEADING_CHARACTERS or line.startswith(">"):
        return False
    if _SEPARATOR.fullmatch(line) or _NOTES.fullmatch(line):
        return True
    return _is_block(bare, number)


def attribution_lines(bare: list[str], number: int) -> int:
    """How many lines "On 3 March 2025 at 10:00, Ann wrote:" takes that begins here, up to three;
    0 when none begins."""
    first = bare[number].casefold()
    if not first or len(first) > MOST_HEADING_CHARACTERS or first.startswith(">"):
        return 0
    if not _may_open(_DIRECTIONS.sub("", first)):
        return 0
    heading = ""
    for place in range(number, min(number + MOST_HEADING_LINES, len(bare))):
        heading = f"{heading} {_DIRECTIONS.sub('', bare[place])}".strip().casefold()
        if not bare[place] or len(heading) > MOST_HEADING_CHARACTERS:
            return 0
        if heading.endswith((":", "：")):
            is_own = place > number and "@" not in heading and _OWN_WORDS.search(heading)
            says = not is_own and _says_who_wrote(heading, bare, place + 1)
            return place + 1 - number if says else 0
        if _ENDS_A_SENTENCE.search(heading):
            return 0
    return 0


def attribution_above(lines: list[str]) -> int | None:
    """Where the attribution in any language begins that the lines end with, marked ones below it.

    It takes as few lines as name a moment and an address, or a day and a time: "Here are the 2
    outputs:" is somebody's own, and so is the sentence above it.
    """
    said = ""
    for at in range(len(lines) - 1, max(len(lines) - 1 - MOST_HEADING_LINES, -1), -1):
        line = lines[at].strip()
        if not line or (said and _ENDS_A_SENTENCE.search(line)):
            return None
        said = f"{line} {said}".strip()
        if len(said) > MOST_HEADING_CHARACTERS or not said.endswith((":", "：", ">")):
            return None
        if _names_somebody(said) or (at == len(lines) - 1 and _names_a_moment(said)):
            return at
    return None


def _names_somebody(said: str) -> bool:
    quotes = said.casefold().startswith(words.QUOTING)
    return "@" in said and (quotes or _MOMENT.search(said) is not None)


def _names_a_moment(said: str) -> bool:
    return not said.endswith(">") and len(_MOMENT.findall(said)) >= FEWEST_MOMENTS


def _may_open(line: str) -> bool:
    return bool(_OPENER.match(line) or _WITH_ADDRESS.match(line) or _MOMENT.search(line))


def _says_who_wrote(heading: str, bare: list[str], below: int) -> bool:
    if _DAY_TIME_ADDRESS.fullmatch(heading):
        return True
    if not _WROTE.search(heading):
        return False
    if _is_quoted(bare, below):
        return True
    if "@" in heading:
        return "<" in heading or _MOMENT.search(heading) is not None
    # "On 3 March at 10:00 your colleague wrote to me:" is somebody's own sentence.
    opens = _OPENER.match(heading) and not _OWN_WORDS.search(heading)
    return bool(opens) and len(_MOMENT.findall(heading)) >= FEWEST_MOMENTS


def _is_block(bare: list[str], number: int) -> bool:
    """Outlook's From, Sent, To, Subject: From or Sent first, and three kinds of them in all."""
    first = _label(bare[number])
    if first not in labels.FROM and first not in labels.SENT:
        return False
    found = {_label(line) for line in bare[number : number + MOST_BLOCK_LINES] if line}
    others = sum(bool(found & kind) for kind in (labels.SENT, labels.TO, labels.SUBJECT))
    return bool(found & labels.FROM) and others >= FEWEST_OTHERS


def _label(line: str) -> str:
    found = _LABEL.match(_DIRECTIONS.sub("", line[:60]).casefold())
    return found[1].strip() if found else ""


def _is_quoted(bare: list[str], number: int) -> bool:
    """Whether a quoted line stands here, at most an empty one between."""
    return next((line.startswith(">") for line in bare[number : number + 2] if line), False)
