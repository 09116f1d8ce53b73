"""What a predefined mail would say of a case; nothing is changed and nothing is sent."""

from __future__ import annotations

from sqlalchemy import Connection

from services.cases import template_store
from services.cases.actions.template_values import fill_in_mail, template_values
from services.cases.sight import may_see
from services.contracts.directory import PreviewTemplate
from services.contracts.errors import NotFound


def preview_template(connection: Connection, asked: PreviewTemplate) -> dict[str, str]:
    """The subject and text that come out.

    Raises NotFound for the case, and InvalidRequest naming `subject` or `text`.
    """
    case = template_store.case(connection, asked.number)
    if not may_see(connection, asked.asker_id, case):
        raise NotFound("case", asked.number)
    values = template_values(connection, case)
    subject, text = fill_in_mail(asked.subject, asked.text, values)
    return {"subject": subject, "text": text}
