"""Receipts that are letters in form: some gateways send the words of Outlook without the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message

from services.mailgw.incoming.body import as_text, flat
from services.mailgw.incoming.headers import decode_words
from services.mailgw.incoming.irregular_report import OURS
from services.mailgw.incoming.parts import leaves, text_of
from services.mailgw.model.mail import Receipt

LONGEST_TEXT = 3_000  # characters; such a mail says one sentence
_READ = re.compile(
    r"(?:read|gelesen|lu|leído|letto|gelezen|lido|läst|lest|læst|luettu|przeczytano|přečteno"
    r"|прочитано|okundu|开封|已读|已讀|開封済み|읽음)\s?[:：]",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"(?:not read|nicht gelesen|ungelesen|gelöscht|deleted|non lu|eliminado sin leer|non letto"
    r"|niet gelezen|não lido|未读|未開封)\s?[:：]",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\bwas (?:read|displayed|opened|deleted)|\bhas been (?:read|displayed|deleted)"
    r"|\bwurde\b.{0,60}\b(?:gelesen|gelöscht|angezeigt)|\ba été (?:lu|ouvert|supprimé|affiché)"
    r"|\b(?:fue|ha sido) (?:leído|eliminado)|\bè stato (?:letto|eliminato)|\b(?:is|werd) gelezen"
    r"|\bfoi (?:lida|excluída)|\bhar läst|\bбыло прочитано|已被阅读|開封されました",
    re.IGNORECASE | re.DOTALL,
)


def read_irregular_receipt(
    message: Message, headers: Mapping[str, tuple[str, ...]]
) -> Receipt | None:
    """What a mail tells of the reading of one of ours, by its subject and its words; else None.

    People write such subjects, too: it has to answer a mail of ours and to say so shortly.
    """
    subject = decode_words(" ".join(headers.get("subject", ())[:1])).strip()
    deleted = _DELETED.match(subject)
    if deleted is None and _READ.match(subject) is None:
        return None
    threads = " ".join((*headers.get("in-reply-to", ()), *headers.get("references", ())))
    ours = OURS.search(threads[-20_000:])
    if ours is None:
        return None
    text = _text(message)
    if len(text) > LONGEST_TEXT or not _SAID.search(text):
        return None
    return Receipt(ours[0], "deleted" if deleted else "displayed")


def _text(message: Message) -> str:
    for _, part, _ in leaves(message):
        if part.get_content_type() == "text/plain":
            return text_of(part)[: LONGEST_TEXT + 1]
        if part.get_content_type() == "text/html":
            return as_text(flat(text_of(part)[: 10 * LONGEST_TEXT]))
    return ""
