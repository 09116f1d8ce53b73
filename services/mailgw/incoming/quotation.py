"""Telling what the sender wrote newly from what he quoted below it.

Line by line, in time proportional to the text. The library for it (mail-parser-reply) took 41
seconds for a mail of 16,000 empty lines, and dropped lines that only resembled a heading.
"""

from __future__ import annotations

import re

from services.mailgw.incoming.quotation_headings import is_heading

MOST_ATTRIBUTION_LINES = 3
MOST_ATTRIBUTION_CHARACTERS = 300
HEADER_LINES = 6
FEWEST_OTHERS = 2
_QUOTED = re.compile(r"^\s{0,3}>")
# The headers of the block that Outlook, Notes and others put above what they quote. Only who knows
# the others, too, tells it from a web form's "From: … Phone: … Message: …".
_FROM = re.compile(
    r"^\s{0,3}\*?(?:from|von|de|da|van|od|från|fra|lähettäjä|feladó|expeditor|gönderen|kimden"
    r"|от|від|από|差出人|送信者|发件人|發件人|寄件者|寄件人|보낸 사람|מאת|من)\*?\s?[:：]",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\s{0,3}\*?(?:sent|date|to|cc|subject|gesendet|datum|an|kopie|betreff|envoyé|à|objet|enviado"
    r"|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|assunto|wysłane|do|temat"
    r"|skickat|till|ämne|sendt|til|emne|lähetetty|vastaanottaja|aihe|elküldve|címzett|tárgy"
    r"|odesláno|komu|předmět|odoslané|predmet|στάλθηκε|προς|θέμα"
    r"|gönderilme|gönderildi|kime|konu|отправлено|дата|кому|тема|送信日時|日時|宛先|件名|发送时间"
    r"|发送日期|日期|时间|收件人|主题|寄件日期|收件者|主旨|보낸 날짜|받는 사람|제목|נשלח|אל|נושא)"
    r"\*?\s?[:：]",
    re.IGNORECASE,
)
_RULER = re.compile(r"^\s{0,3}(?:_{5,}|-{3,}.{0,60}-{3,}|[═─—]{5,})\s*$")


def split_quotation(text: str) -> tuple[str, str]:
    """What the sender wrote newly, and what he quoted below it.

    A mail that consists of quotation alone is taken as new: nothing may seem empty.
    """
    lines = text.split("\n")
    found = (_heading(lines), _header_block(lines), _quoted_end(lines))
    starts = [at for at in found if at is not None]
    new, quoted = _cut(lines, min(starts)) if starts else (text, "")
    return (new, quoted) if new else (text, "")


def _cut(lines: list[str], at: int) -> tuple[str, str]:
    return "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()


def _heading(lines: list[str]) -> int | None:
    """Where the first line stands that says in words that a quotation follows."""
    bare = [line.strip() for line in lines]
    found = next((at for at in range(len(bare)) if is_heading(bare, at)), None)
    return None if found is None else _above_rulers(lines, found)


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
        if sum(bool(_OTHERS.match(one)) for one in block) < FEWEST_OTHERS:
            continue
        return _above_rulers(lines, at)
    return None


def _above_rulers(lines: list[str], at: int) -> int:
    while at > 0 and (not lines[at - 1].strip() or _RULER.match(lines[at - 1])):
        at -= 1
    return at
