"""Mails to our own people that tell everything that was said on a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.cases import store
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import Letter, Purpose, order_mail_to_ours
from services.cases.model.phrases import Phrases
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Address, Attachment
from services.messaging.transaction import Transaction


def discussion_text(
    transaction: Transaction, number: int, words: Phrases, *, with_notes: bool
) -> str:
    """The whole discussion as the text of a mail; notes are for our own people only."""
    return _text(store.discussion(transaction.connection, number), words, with_notes=with_notes)


def pass_on_discussion(
    transaction: Transaction,
    origin: Origin,
    case: CaseSnapshot,
    recipients: Sequence[Address],
    introduction: Callable[[Phrases], str],
    *,
    purpose: Purpose = "pass_on",
    automatic: bool = False,
) -> None:
    """Mail people who work on the case everything that was said so far, with its attachments.

    `introduction` is the sentence above it, in each one's language. What is `automatic` counts
    towards the bound on what one address gets.
    """
    rows = store.discussion(transaction.connection, case.number)
    about = f"{case.partner.name if case.partner else _contact(case)}".strip()
    files = _attachments(rows)

    def write(words: Phrases) -> Letter:
        title = words.case.format(number=case.number, subject=case.subject)
        head = f"{introduction(words)}\n{title}\n{about}".rstrip()
        said = _text(rows, words, with_notes=True)
        return Letter(purpose, f"{head}\n\n{said}", files, automatic=automatic)

    order_mail_to_ours(transaction, origin, case, recipients, write)


def _entry(row: dict[str, Any], words: Phrases) -> str:
    kind = f" ({words.note})" if row["kind"] == "note" else ""
    return f"--- {row['author']}, {row['at']:%Y-%m-%d %H:%M} UTC{kind}\n{row['text']}"


def _text(rows: Sequence[dict[str, Any]], words: Phrases, *, with_notes: bool) -> str:
    return "\n\n".join(_entry(row, words) for row in rows if with_notes or row["kind"] != "note")


def _attachments(rows: Sequence[dict[str, Any]]) -> tuple[Attachment, ...]:
    """Each once: what everybody has below his name came with every mail."""
    found = [Attachment.model_validate(one) for row in rows for one in row["attachments"]]
    return tuple({(one.filename, one.sha256 or one): one for one in found}.values())


def _contact(case: CaseSnapshot) -> str:
    return f"{case.contact.name} <{case.contact.address}>" if case.contact else ""
