"""The envelope around every message on the bus."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Base of everything inside a message: frozen, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Part):
    """Who did it: a user, a partner's contact, a watcher, a rule or the system itself."""

    kind: Literal["user", "partner", "watcher", "stranger", "rule", "system"]
    id: int | None = None
    name: str = ""


SYSTEM = Actor(kind="system", name="Casewire")


class Link(Part):
    """One step in the chain that led to a message: an event, or a rule that fired."""

    kind: Literal["event", "rule"]
    id: str
    name: str = ""


class Envelope(Part):
    """What every message carries.

    `id` is a UUIDv7; `occurred_at` is UTC; `version` counts the events of one case
    from 1 without a gap; `cause` lists, oldest first, the events and rules that led here.
    Each message type is a subclass with its own `type` and `data`.
    """

    TYPE: ClassVar[str] = ""

    id: str
    type: str
    occurred_at: datetime
    case_id: int | None = None
    version: int | None = None
    actor: Actor = SYSTEM
    cause: tuple[Link, ...] = Field(default=())
    data: Any = None

    @property
    def correlation_id(self) -> str:
        """The id of the event with which the chain began: the same in all that it leads to."""
        return self.cause[0].id if self.cause else self.id

    def caused(self) -> tuple[Link, ...]:
        """The cause that a message set off by this one has to carry."""
        return (*self.cause, Link(kind="event", id=self.id, name=self.type))


class Command(Part):
    """A change asked of a service by RPC.

    The same `idempotency_key` takes effect once and answers the same twice.
    `actor_id` is the user who asks; the caller vouches for him.
    """

    idempotency_key: str
    actor_id: int | None = None
