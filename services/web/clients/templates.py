"""The cases service: predefined mails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from services.contracts.directory import (
    DirectoryChange,
    MailTemplate,
    PreviewTemplate,
    SaveTemplate,
)
from services.messaging.rpc_client import RpcClient


class FilledIn(BaseModel):
    """What a template makes of a case."""

    subject: str
    text: str


@dataclass(frozen=True)
class TemplatesClient:
    """Each method raises the errors of services.contracts.errors that cases answers with."""

    rpc: RpcClient
    asker: Callable[[], int | None] = lambda: None

    def list_templates(self) -> list[MailTemplate]:
        """All templates, by name."""
        answer = self.rpc.call("cases", "list_templates")
        found = [MailTemplate.model_validate(one) for one in answer]
        return sorted(found, key=lambda template: template.name.casefold())

    def get(self, template_id: int) -> MailTemplate:
        """One template; raises NotFound."""
        return MailTemplate.model_validate(self.rpc.call("cases", "get_template", id=template_id))

    def save(self, command: SaveTemplate) -> MailTemplate:
        """Add or change a template."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        return MailTemplate.model_validate(self.rpc.call("cases", "save_template", command=asked))

    def preview(self, question: PreviewTemplate) -> FilledIn:
        """What it makes of a case; raises NotFound, InvalidRequest."""
        asked = {**question.model_dump(mode="json"), "asker_id": self.asker()}
        return FilledIn.model_validate(self.rpc.call("cases", "preview_template", question=asked))

    def history(self, template_id: int) -> list[DirectoryChange]:
        """Who changed the template and how, the last first."""
        answer = self.rpc.call(
            "cases", "list_directory_history", what="template", key=str(template_id)
        )
        return [DirectoryChange.model_validate(change) for change in answer]
