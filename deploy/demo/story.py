"""What a case of the demo is made of, before it is told to anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.demo.cast import Company, Contact

Deed = Literal[
    "sort", "reply", "note", "customer", "pending", "done", "cancelled", "escalate", "quality"
]


@dataclass(frozen=True)
class Turn:
    """What happens next on a case: `customer` is a mail from outside, the rest is our own.

    `quality` plans a corrective or preventive action.
    """

    do: Deed
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One case from its beginning to where it stands today.

    `key` names it in every run. One by mail begins with the contact's mail to `section`;
    the others are opened by `opener` with `fields`, which are those of the API.
    """

    key: str
    by: Literal["mail", "hand"]
    subject: str
    text: str
    company: Company | None
    contact: Contact | None
    section: str
    turns: tuple[Turn, ...] = ()
    opener: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    with_photo: bool = False
    in_copy: Contact | None = None
