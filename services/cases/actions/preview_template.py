"""What a predefined mail would say of a case; nothing is changed and nothing is sent."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases.actions.template_values import fill_in_mail, template_values
from services.cases.sight import seen_case
from services.contracts.directory import PreviewTemplate


def preview_template(connection: Connection, asked: PreviewTemplate) -> dict[str, str]:
    """The subject and text that come out.

    Raises NotFound for the case, and InvalidRequest naming `subject` or `text`.
    """
    case = seen_case(connection, asked.asker_id, asked.number)
    values = template_values(connection, case)
    subject, text = fill_in_mail(asked.subject, asked.text, values)
    return {"subject": subject, "text": text}
