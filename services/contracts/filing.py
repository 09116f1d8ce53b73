"""Where a mail that came in was put, and why there."""

from __future__ import annotations

from typing import ClassVar, Literal

from services.contracts.envelope import Envelope, Part

Filing = Literal["token", "number", "thread", "invitation", "new", "again", "aside"]


class FiledData(Part):
    """What the cases service made of the mail `mail_id`.

    `how` it found its case: by the signed address it was written to, the number in its
    subject, a Message-ID it refers to, the meeting it moves; it opened a new one; it had come
    before (`again`); or it belongs to no case and makes none (`aside`). `why` tells that in a
    sentence, with the standing of its sender.
    """

    mail_id: str
    how: Filing
    why: str
    case_number: int | None = None
    message_number: int | None = None


class MailFiled(Envelope):
    TYPE: ClassVar[str] = "mail.filed"
    type: Literal["mail.filed"] = "mail.filed"
    data: FiledData
