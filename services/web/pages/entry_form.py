"""The form of one entry of the directory: what it holds, and how saving it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.contracts.errors import InvalidRequest, StaleVersion
from services.runtime.identity import new_id
from services.web.access.asking import Origin, command_origin
from services.web.pages.form import Form
from services.web.pages.refusal_words import error_words


@dataclass
class EntryForm:
    """`id` and `version` are None for a new entry; `refusal` tells of somebody who was faster."""

    id: int | None
    values: dict[str, Any]
    version: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    key: str = field(default_factory=new_id)

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        if self.refusal:
            return 409
        return 422 if self.errors else 200

    def save(self, form: Form, carry_out: Callable[[Origin], object]) -> bool:
        """Whether it could be saved; if not, the form says why and keeps what was written."""
        self.errors, self.version = form.errors, form.number("version")
        if form.errors:
            return False
        try:
            carry_out(command_origin(form.text("idempotency_key")))
        except InvalidRequest as error:
            form.refused(error)
            return False
        except StaleVersion as error:
            self.version, self.refusal = error.current, error_words(error)
            return False
        return True
