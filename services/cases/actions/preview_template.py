"""What a predefined mail would say of a case; nothing is changed and nothing is sent."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases import template_store
from services.cases.actions.template_values import fill_in_mail, template_values
from services.contracts.directory import PreviewTemplate


def preview_template(connection: Connection, asked: PreviewTemplate) -> dict[str, str]:
    """The subject and text that come out.

    Raises NotFound for the case, and InvalidRequest naming `subject` or `text`.
    """
    values = template_values(connection, template_store.case(connection, asked.number))
    subject, text = fill_in_mail(asked.subject, asked.text, values)
    return {"subject": subject, "text": text}
