"""Merging, splitting and linking cases, as the API takes them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.case_commands import Relation
from services.web.api.schemas.base import Given, Id, Version


class Merging(Given):
    """The case it goes into; `version` is that of the case that goes."""

    version: Version
    into: Id
    into_version: Version | None = Field(
        default=None, description="Where given, the other case must not have changed since, either"
    )


class Splitting(Given):
    """The message that becomes a case of its own."""

    version: Version
    message_number: Id
    subject: str | None = Field(
        default=None, max_length=500, description="Left out, it is that of the message"
    )


class NewLink(Given):
    """The other case, and how this one stands to it."""

    other: Id
    relation: Relation = "related"
