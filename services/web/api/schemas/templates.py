"""Predefined mails, as the API takes and answers them."""

from __future__ import annotations

from pydantic import Field

from services.contracts.directory import MailTemplate
from services.contracts.envelope import Part
from services.web.api.schemas.base import Given, Id, Version


class TemplateFields(Given):
    """Fields of a template; subject and text may say {{ case.number }} and the like."""

    name: str = Field(default="", min_length=1, max_length=200)
    subject: str = Field(default="", min_length=1, max_length=500)
    text: str = Field(default="", min_length=1, max_length=50_000)
    active: bool = True


class NewTemplate(TemplateFields):
    """A template to add."""

    name: str = Field(min_length=1, max_length=200)
    subject: str = Field(min_length=1, max_length=500)
    text: str = Field(min_length=1, max_length=50_000)


class TemplateChange(TemplateFields):
    """Changes to a template; a field left out stays."""

    version: Version


class TemplateList(Part):
    """Templates by name, and the cursor of the next page."""

    items: list[MailTemplate]
    next: str | None = None


class Preview(Given):
    """A subject and text to fill in for the case of this number."""

    number: Id
    subject: str = Field(default="", max_length=500)
    text: str = Field(default="", max_length=50_000)
