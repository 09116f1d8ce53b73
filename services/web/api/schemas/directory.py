"""Users, sections, partners, categories and kinds, as the API takes and answers them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.contracts.directory import (
    CustomField,
    Kind,
    Partner,
    PartnerContact,
    Section,
    TreeNode,
    User,
)
from services.contracts.envelope import Part
from services.web.access.gate import BIGGEST_NUMBER
from services.web.access.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH
from services.web.api.schemas.base import Cursor, Day, Given, Id, Limit, Version, Zone

Password = Field(default=None, min_length=MINIMUM_LENGTH, max_length=MAXIMUM_LENGTH)


class UserFields(Given):
    """Fields of a user. The password is taken and never answered."""

    login: str = Field(default="", min_length=1, max_length=100)
    name: str = Field(default="", min_length=1, max_length=200)
    address: str | None = Field(default=None, max_length=320)
    role: Literal["admin", "manager", "agent", "read-only"] = "agent"
    language: str = Field(default="en", max_length=20)
    time_zone: Zone = "UTC"
    sees: Literal["all", "sections"] = "all"
    absent_from: Day | None = None
    absent_until: Day | None = None
    stand_in_id: Id | None = None
    active: bool = True
    password: str | None = Password


class NewUser(UserFields):
    """A user to add."""

    login: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=200)


class UserChange(UserFields):
    """Changes to a user; a field left out stays. A new password ends his sessions and tokens."""

    version: Version


class UserList(Part):
    """Users, and the cursor of the next page."""

    items: list[User]
    next: str | None = None


class SectionFields(Given):
    """Fields of a section."""

    name: str = Field(default="", min_length=1, max_length=200)
    parent_id: Id | None = None
    escalation_id: Id | None = None
    manager_id: Id | None = None
    member_ids: tuple[Id, ...] = ()
    reply_address: str | None = Field(default=None, max_length=320)
    plus_addresses: bool = Field(
        default=False,
        description="Mails ask for answers to reply+token@domain (RFC 5233)",
    )
    signature: str = Field(default="", max_length=2000)
    language: str = Field(default="en", max_length=20)
    close_on_reply: bool = False
    close_on_partner_answer: bool = False
    portal: bool = Field(
        default=True,
        description="Mails to a partner's contact carry a link by which he follows his case",
    )
    reopen: Literal["reopen", "linked"] = "reopen"
    active: bool = True


class NewSection(SectionFields):
    """A section to add."""

    name: str = Field(min_length=1, max_length=200)


class SectionChange(SectionFields):
    """Changes to a section; a field left out stays."""

    version: Version


class SectionList(Part):
    """Sections, and the cursor of the next page."""

    items: list[Section]
    next: str | None = None


class GivenContact(PartnerContact, Given):
    """One address of a partner."""

    id: Id | None = None
    name: str = Field(default="", max_length=300)
    address: str = Field(min_length=3, max_length=320)
    phone: str = Field(default="", max_length=100)


class PartnerFields(Given):
    """Fields of a partner; `contacts`, where given, replace those there are."""

    name: str = Field(default="", min_length=1, max_length=300)
    is_customer: bool = True
    is_supplier: bool = False
    contacts: tuple[GivenContact, ...] = ()
    category_ids: tuple[Id, ...] = ()
    active: bool = True


class NewPartner(PartnerFields):
    """A partner to add."""

    name: str = Field(min_length=1, max_length=300)


class PartnerChange(PartnerFields):
    """Changes to a partner; a field left out stays."""

    version: Version


class PartnerFilter(Given):
    """Which partners to list."""

    q: str | None = Field(
        default=None, max_length=500, description="Part of a name or of an address"
    )
    cursor: Cursor | None = Field(default=None, description="The `next` of the page before")
    limit: Limit = 50


class PartnerList(Part):
    """Partners, and the cursor of the next page."""

    items: list[Partner]
    next: str | None


class Category(Given):
    """A category's name and the one it lies under."""

    name: str = Field(min_length=1, max_length=200)
    parent_id: Id | None = None
    active: bool = Field(default=True, description="Whether it is still offered")


class CategoryChange(Category):
    """A category as it shall be; with a `version`, only when it is still at that."""

    version: Version | None = None


class CategoryList(Part):
    """Categories, and the cursor of the next page."""

    items: list[TreeNode]
    next: str | None = None


class GivenCustomField(CustomField, Given):
    """A field that the cases of a kind have; its type stays for good."""


class GivenKind(Given):
    """A kind of case; one with this code is changed."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    name: str = Field(min_length=1, max_length=200)
    dated: bool = False
    active: bool = Field(default=True, description="Whether it is still offered")
    fields: tuple[GivenCustomField, ...] | None = Field(
        default=None, max_length=50, description="Where given, they replace those there are"
    )
    version: int | None = Field(
        default=None,
        ge=0,
        le=BIGGEST_NUMBER,
        description="Where given, it must still be at that; 0: there must be none yet",
    )


class KindList(Part):
    """Kinds of case, and the cursor of the next page."""

    items: list[Kind]
    next: str | None = None
