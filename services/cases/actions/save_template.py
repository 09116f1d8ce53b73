"""Predefined mails are written, changed and retired (A3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from services.cases import template_store
from services.cases.actions.command_origin import command_origin
from services.cases.actions.held_version import check_held_version
from services.cases.actions.record_change import record_change
from services.contracts.directory import MailTemplate, SaveTemplate, TemplateChanged
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.contracts.templates import check_template
from services.messaging.transaction import Transaction
from services.runtime.clock import now
from services.runtime.identity import new_id

GIVEN_BY_US = {"id", "version"}


def save_template(transaction: Transaction, command: SaveTemplate) -> MailTemplate:
    """The template as it stands after the command; rules are told of a difference.

    Raises NotFound, StaleVersion, and InvalidRequest for a name that is taken, or a subject or
    text that says what the language does not have.
    """
    connection = transaction.connection
    actor = command_origin(connection, command).actor
    before = _before(connection, command)
    template = _merged(before, command.fields)
    _check(connection, template)
    if template == before:
        return template
    saved = (template_store.save if before else template_store.add)(connection, template)
    record_change(
        transaction,
        "template",
        saved.id,
        saved.version,
        by=actor,
        before=_told(before) if before else None,
        after=_told(saved),
    )
    transaction.publish(TemplateChanged(id=new_id(), occurred_at=now(), actor=actor, data=saved))
    return saved


def _before(connection: Connection, command: SaveTemplate) -> MailTemplate | None:
    if command.id is None:
        return None
    before = template_store.hold(connection, command.id)
    check_held_version("template", command.version, before.version)
    return before


def _merged(before: MailTemplate | None, fields: dict[str, Any]) -> MailTemplate:
    settable = MailTemplate.model_fields.keys() - GIVEN_BY_US
    unknown = [name for name in fields if name not in settable]
    if unknown:
        raise InvalidRequest(unknown[0], "a template has no such field to set")
    values = before.model_dump() if before else {"id": 0}
    return read(MailTemplate, {**values, **_stripped(fields)})


def _stripped(fields: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "subject")
    return {k: v.strip() if k in names and isinstance(v, str) else v for k, v in fields.items()}


def _check(connection: Connection, template: MailTemplate) -> None:
    other = template_store.id_of(connection, template.name)
    if other is not None and other != template.id:
        raise InvalidRequest("name", f"there is a template {template.name!r} already")
    check_template("subject", template.subject)
    check_template("text", template.text)


def _told(template: MailTemplate) -> dict[str, Any]:
    return template.model_dump(mode="json", exclude=GIVEN_BY_US)
