"""What a list shows of a mail."""

from __future__ import annotations

from dataclasses import dataclass

MOST_ID_CHARACTERS = 500
MOST_ADDRESS_CHARACTERS = 320
MOST_SUBJECT_CHARACTERS = 500


@dataclass(frozen=True)
class Glimpse:
    """Message-ID, sender's address and subject, as far as they could be read."""

    message_id: str | None = None
    sender: str | None = None
    subject: str | None = None

    @classmethod
    def of(cls, message_id: str | None, sender: str | None, subject: str | None) -> Glimpse:
        """Cut to what is kept; empty ones are None."""
        return cls(
            (message_id or "")[:MOST_ID_CHARACTERS] or None,
            (sender or "")[:MOST_ADDRESS_CHARACTERS] or None,
            (subject or "")[:MOST_SUBJECT_CHARACTERS].strip() or None,
        )
