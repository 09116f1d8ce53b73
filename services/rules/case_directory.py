"""Asking the cases service who and what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from services.contracts.directory import Kind, MailTemplate, Partner, Section, TreeNode, User
from services.contracts.errors import InvalidRequest, NotFound, ServiceAway
from services.rules.model.references import Reference
from services.rules.store import Entry

TREES = {"category": "list_categories", "partner_category": "list_partner_categories"}
log = structlog.get_logger()


class CaseDirectory:
    """`ask(method, **arguments)` asks the cases service; it may raise ServiceAway."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def users(self) -> list[User]:
        """All users."""
        return [User.model_validate(one) for one in self._ask("list_users")]

    def sections(self) -> list[Section]:
        """All sections."""
        return [Section.model_validate(one) for one in self._ask("list_sections")]

    def nodes(self, kind: str) -> list[TreeNode]:
        """The tree of "category" or "partner_category"."""
        return [TreeNode.model_validate(one) for one in self._ask(TREES[kind])]

    def templates(self) -> list[MailTemplate]:
        """All predefined mails."""
        return [MailTemplate.model_validate(one) for one in self._ask("list_templates")]

    def partners_called(self, name: str) -> list[Partner]:
        """The partners with exactly this name, but for upper and lower case."""
        found: list[Partner] = []
        cursor: str | None = None
        while True:
            page = self._ask("list_partners", q=name, cursor=cursor)
            partners = [Partner.model_validate(one) for one in page["items"]]
            found += [one for one in partners if one.name.casefold() == name.casefold()]
            cursor = page["next"]
            if cursor is None:
                return found

    def entries_of(self, references: Sequence[Reference]) -> list[Entry]:
        """What these references name.

        Raises InvalidRequest for one that names nothing. While the cases service is away
        they are taken on trust, and their names come later.
        """
        try:
            return [self._entry(reference) for reference in references]
        except ServiceAway as error:
            log.warning("names of a rule not checked", error=str(error))
            return []

    def check_kind(self, field: str, code: str | None) -> None:
        """Raises InvalidRequest for a kind of case that is not in use.

        While the cases service is away it is taken on trust.
        """
        if code is None:
            return
        try:
            kinds = [Kind.model_validate(one) for one in self._ask("list_kinds")]
        except ServiceAway as error:
            log.warning("kind of a rule not checked", error=str(error))
            return
        codes = [kind.code for kind in kinds if kind.active]
        if code not in codes:
            raise InvalidRequest(field, f"must be one of {', '.join(codes)}")

    def _entry(self, reference: Reference) -> Entry:
        nothing = InvalidRequest(reference.field, f"there is no {reference.words} {reference.id}")
        kind, id = reference.kind, reference.id
        if kind in TREES:
            node = next((node for node in self.nodes(kind) if node.id == id), None)
            if node is None:
                raise nothing
            return Entry(kind, id, node.version, node.path or node.name, node.active)
        try:
            found = self._ask(f"get_{kind}", id=id)
        except NotFound as error:
            raise nothing from error
        return Entry(kind, id, found["version"], found["name"], found["active"])
