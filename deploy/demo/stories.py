"""All stories of the month: some three hundred cases."""

from __future__ import annotations

from datetime import datetime

from deploy.demo.desk_stories import (
    EVERYBODY,
    dated_stories,
    opportunity_stories,
    phone_stories,
    quality_stories,
    task_stories,
)
from deploy.demo.mail_stories import mail_stories, spam_stories
from deploy.demo.story import Story
from deploy.demo.writer import Writer


def all_stories(seed: int, today: datetime) -> list[Story]:
    """The stories for this seed, in the order they begin in."""
    writer = Writer(seed, today)
    return [
        *mail_stories(writer, "care", 105),
        *mail_stories(writer, "technical", 85),
        *spam_stories(writer, 5),
        *phone_stories(writer, 45),
        *opportunity_stories(writer, 14),
        *quality_stories(writer, 10),
        *dated_stories(writer, "meeting", "meetings", 16, EVERYBODY),
        *dated_stories(writer, "phone_call", "calls", 8, ("emil", "nora")),
        *dated_stories(writer, "delivery", "deliveries", 6, ("jin", "lucia")),
        *dated_stories(writer, "leave", "leave", 2, ("amara", "lucia")),
        *task_stories(writer, 6),
    ]
