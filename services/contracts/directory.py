"""Users, sections, partners, categories and kinds: what is announced, and how they are saved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from services.contracts.cases import Change
from services.contracts.envelope import Command, Envelope, Part


class User(Part):
    """A person who works with cases. `login` is unique; `address` is where mail reaches him.

    Who `sees` "sections" is shown the cases of the sections he is a member or manager of, with
    all below them, and those that he is responsible for or watches.
    """

    id: int
    login: str
    name: str
    address: str | None = None
    role: Literal["admin", "manager", "agent", "read-only"] = "agent"
    language: str = "en"
    time_zone: str = "UTC"
    sees: Literal["all", "sections"] = "all"
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
    """A team with its place in the tree, its reply address and how it treats answers.

    Its mails end with `signature` and speak `language` (a code of ISO 639). With
    `plus_addresses` they ask for answers to reply+token@domain, which its mail server has to
    deliver to the reply address (RFC 5233). With `portal` the partner's contacts follow their
    cases by links in these mails.
    """

    id: int
    name: str
    parent_id: int | None = None
    escalation_id: int | None = None
    manager_id: int | None = None
    member_ids: tuple[int, ...] = ()
    reply_address: str | None = None
    plus_addresses: bool = False
    signature: str = Field(default="", max_length=2000)
    language: str = "en"
    close_on_reply: bool = False
    close_on_partner_answer: bool = False
    portal: bool = True
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
    active: bool = True
    version: int = 1


class CategoryChanged(Envelope):
    """A category was added, renamed, moved or retired.

    One event for each category whose `path` changed with it.
    """

    TYPE: ClassVar[str] = "category.changed"
    type: Literal["category.changed"] = "category.changed"
    data: Category


class Category(TreeNode):
    """A category with the tree it belongs to."""

    tree: Literal["category", "partner_category"]


class CustomField(Part):
    """A field that the cases of one kind have besides the usual ones (K9).

    `choices` are those of a choice. A `required` one must be given when a person opens or
    changes a case of the kind.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    name: str = Field(min_length=1, max_length=200)
    type: Literal["text", "number", "date", "choice", "person"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False


class Kind(Part):
    """A kind of case. A dated kind has a start and a duration."""

    code: str
    name: str
    dated: bool = False
    fields: tuple[CustomField, ...] = ()
    active: bool = True
    version: int = 1


class KindChanged(Envelope):
    TYPE: ClassVar[str] = "kind.changed"
    type: Literal["kind.changed"] = "kind.changed"
    data: Kind


class MailTemplate(Part):
    """A predefined mail; subject and text are templates (services/contracts/templates.py)."""

    id: int
    name: str = Field(min_length=1, max_length=200)
    subject: str = Field(min_length=1, max_length=500)
    text: str = Field(min_length=1, max_length=50_000)
    active: bool = True
    version: int = 1


class TemplateChanged(Envelope):
    TYPE: ClassVar[str] = "template.changed"
    type: Literal["template.changed"] = "template.changed"
    data: MailTemplate


class SaveTemplate(Command):
    """Adds a template, or changes one (`id` and `version` given). RPC `save_template`."""

    id: int | None = None
    version: int | None = None
    fields: dict[str, Any]


class PreviewTemplate(Part):
    """What a template makes of a case. RPC `preview_template`; answers `{"subject", "text"}`.

    Raises NotFound, and InvalidRequest naming `subject` or `text` when it cannot be filled in.
    """

    number: int
    subject: str = Field(default="", max_length=500)
    text: str = Field(default="", max_length=50_000)
    asker_id: int | None = None


class DirectoryChange(Part):
    """One entry of the history of something in the directory. RPC `list_directory_history`.

    `what` is user, section, partner, category, partner_category, kind or template; `key` its
    id or code. The rules service answers the same for its rules and calendars by
    `list_history`.
    """

    what: str
    key: str
    version: int
    at: datetime
    actor_id: int | None = None
    actor_name: str = ""
    changes: tuple[Change, ...] = ()


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
    """Adds or changes a category. RPC `save_category`, `save_partner_category`.

    With a `version` it is checked; without one the last to save wins.
    """

    id: int | None = None
    version: int | None = None
    name: str = Field(min_length=1, max_length=200)
    parent_id: int | None = None
    active: bool = True


class SaveKind(Command):
    """Adds a kind of case or changes the one with this code. RPC `save_kind`.

    With a `version` it is checked (0: there must be none yet); without one the last to save
    wins. `fields`, where given, replace those there are; a field keeps its type for good.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    version: int | None = None
    name: str = Field(min_length=1, max_length=200)
    dated: bool = False
    active: bool = True
    fields: tuple[CustomField, ...] | None = Field(default=None, max_length=50)


CategoryChanged.model_rebuild()
