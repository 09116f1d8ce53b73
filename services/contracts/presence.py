"""Who has the page of a case open: told by each web gateway to the others, and kept by none."""

from __future__ import annotations

from typing import ClassVar, Literal

from services.contracts.envelope import Envelope, Part

Doing = Literal["looking", "answering", "editing", "gone"]


class Presence(Part):
    """One open page of a case: whose it is and what he does; "gone" when he has left it.

    `tab` tells the pages of one user apart.
    """

    number: int
    tab: str
    user_id: int
    name: str
    doing: Doing


class PresenceNoted(Envelope):
    """Somebody has a case open. Worth half a minute: it is kept in no outbox and no queue."""

    TYPE: ClassVar[str] = "presence.noted"
    type: Literal["presence.noted"] = "presence.noted"
    data: Presence
