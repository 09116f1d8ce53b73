"""A page of a history, however it is asked for."""

from __future__ import annotations

from services.contracts.directory import DirectoryChange
from services.web.api.paging import Paged, page_of
from services.web.api.schemas.rules import ChangeList


def changes(found: list[DirectoryChange], asked: Paged) -> ChangeList:
    """The newest first. Raises InvalidRequest for a wrong cursor."""
    page = page_of(found, asked, lambda change: (-change.version,))
    return ChangeList(items=page.items, next=page.next)
