"""The words for webhooks and their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.runtime.clock import now
from services.web.pages.refusal_words import refusal_words
from services.web.pages.word_table import Words
from services.web.translation import gettext_noop, pgettext_noop
from services.web.webhooks.store import Webhook

EVENTS = Words(
    {
        "case.created": gettext_noop("A case was opened"),
        "case.updated": gettext_noop("Fields were changed"),
        "case.state_changed": gettext_noop("The state was changed"),
        "case.message_added": gettext_noop("A mail, reply or note was added"),
        "case.escalated": gettext_noop("A case was escalated"),
    }
)
STATUSES = Words(
    {
        "waiting": pgettext_noop("a delivery", "Waiting"),
        "delivered": pgettext_noop("a delivery", "Delivered"),
        "given_up": pgettext_noop("a delivery", "Given up"),
    }
)
OFF = Words(
    {
        "gone": gettext_noop(
            "The receiver answered 410: it wants no more. Switch it on to try it again."
        ),
        "secret": gettext_noop(
            "Its secret cannot be read any more, as the web key has changed. Make a new one."
        ),
    }
)

Standing = Literal["on", "failing", "rests", "off"]


@dataclass(frozen=True)
class Shown:
    """A webhook as a page shows it."""

    one: Webhook
    standing: Standing

    @property
    def why(self) -> str:
        """What was wrong the last time."""
        return refusal_words(self.one.last_error)


def standing(webhook: Webhook) -> Standing:
    """How it fares."""
    if not webhook.active:
        return "off"
    if webhook.rests_until is not None and webhook.rests_until > now():
        return "rests"
    return "failing" if webhook.failures else "on"
