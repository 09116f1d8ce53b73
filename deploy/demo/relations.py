"""Cases that belong together are linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deploy.demo.api import Api
from deploy.demo.story import Story


def link_complaints(
    admin: Api, key: str, stories: Sequence[Story], numbers: Mapping[str, int]
) -> None:
    """Link the complaints to each supplier with the first one. Raises Refused."""
    first: dict[str, int] = {}
    for story in stories:
        if story.company is None or story.fields.get("kind") != "quality":
            continue
        number = numbers[story.key]
        other = first.setdefault(story.company.name, number)
        if other != number:
            admin.post(f"/cases/{number}/links", f"{key} link {story.key}", other=other)
