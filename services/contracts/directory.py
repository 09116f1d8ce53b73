"""Users, sections, partners, categories and kinds: what is announced, and how they are saved."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from services.contracts.envelope import Command, Envelope, Part


class User(Part):
    """A person who works with cases. `login` is unique; `address` is where mail reaches him."""

    id: int
    login: str
    name: str
    address: str | None = None
    role: Literal["admin", "manager", "agent", "read-only"] = "agent"
    language: str = "en"
    time_zone: str = "UTC"
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in_id: int | None = None
    active: bool = True
    version: int = 1


class UserChanged(Envelope):
    TYPE: ClassVar[str] = "user.changed"
    type: Literal["user.changed"] = "user.changed"
    data: User


class Section(Part):
    """A team with its place in the tree, its reply address and how it treats answers."""

    id: int
    name: str
    parent_id: int | None = None
    escalation_id: int | None = None
    manager_id: int | None = None
    member_ids: tuple[int, ...] = ()
    reply_address: str | None = None
    close_on_reply: bool = False
    close_on_partner_answer: bool = False
    reopen: Literal["reopen", "linked"] = "reopen"
    active: bool = True
    version: int = 1


class SectionChanged(Envelope):
    TYPE: ClassVar[str] = "section.changed"
    type: Literal["section.changed"] = "section.changed"
    data: Section


class PartnerContact(Part):
    """One address of a partner."""

    id: int | None = None
    name: str = ""
    address: str
    phone: str = ""


class Partner(Part):
    """A company or person: customer, supplier or both; `category_ids` are those given directly."""

    id: int
    name: str
    is_customer: bool = True
    is_supplier: bool = False
    contacts: tuple[PartnerContact, ...] = ()
    category_ids: tuple[int, ...] = ()
    category_path_ids: tuple[int, ...] = ()
    active: bool = True
    version: int = 1


class PartnerChanged(Envelope):
    TYPE: ClassVar[str] = "partner.changed"
    type: Literal["partner.changed"] = "partner.changed"
    data: Partner


class TreeNode(Part):
    """A category of cases or of partners; `path` reads "Support Contract / Gold"."""

    id: int
    name: str
    parent_id: int | None = None
    path: str = ""


class Kind(Part):
    """A kind of case. A dated kind has a start and a duration."""

    code: str
    name: str
    dated: bool = False


class SaveUser(Command):
    """Adds a user, or changes one (`id` and `version` given). RPC `save_user`.

    `fields` are those of User; only those given are changed. The same holds for sections
    and partners.
    """

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]


class SaveSection(SaveUser):
    """Adds or changes a section. RPC `save_section`."""


class SavePartner(SaveUser):
    """Adds or changes a partner; given `contacts` replace those there are. RPC `save_partner`."""


class SaveNode(Command):
    """Adds or changes a category. RPC `save_category`, `save_partner_category`."""

    id: int | None = None
    name: str = Field(min_length=1, max_length=200)
    parent_id: int | None = None


class SaveKind(Command):
    """Adds a kind of case or changes the one with this code. RPC `save_kind`."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    name: str = Field(min_length=1, max_length=200)
    dated: bool = False
