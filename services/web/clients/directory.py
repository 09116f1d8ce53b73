"""The cases service: its directory of users, sections, partners, categories and kinds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from services.contracts.directory import (
    DirectoryChange,
    Kind,
    Partner,
    SaveKind,
    SaveNode,
    SavePartner,
    SaveSection,
    SaveUser,
    Section,
    TreeNode,
    User,
)
from services.messaging.rpc_client import RpcClient
from services.web.clients.page import Page, read_page

KEPT_SECONDS = 3.0
Answer = TypeVar("Answer")


class DirectoryClient:
    """What nearly every page needs is kept for three seconds, and forgotten on a save.

    So a change made through another gateway shows within that time.
    """

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc
        self._kept: dict[Any, tuple[float, Any]] = {}

    def users(self) -> list[User]:
        """All users."""
        return self._keep("users", lambda: [User(**u) for u in self._ask("list_users")])

    def sections(self) -> list[Section]:
        """All sections."""
        return self._keep("sections", lambda: [Section(**s) for s in self._ask("list_sections")])

    def kinds(self) -> list[Kind]:
        """All kinds of case."""
        return self._keep("kinds", lambda: [Kind(**k) for k in self._ask("list_kinds")])

    def categories(self) -> list[TreeNode]:
        """All categories of cases."""
        return self._keep("categories", lambda: self._nodes("list_categories"))

    def partner_categories(self) -> list[TreeNode]:
        """All categories of partners."""
        return self._keep("partner_categories", lambda: self._nodes("list_partner_categories"))

    def partners(
        self, q: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[Partner]:
        """Partners whose name or an address holds the text, by name."""
        return read_page(Partner, self._ask("list_partners", q=q, cursor=cursor, limit=limit))

    def user(self, user_id: int) -> User:
        """One user; raises NotFound."""
        return self._keep(("user", user_id), lambda: User(**self._ask("get_user", id=user_id)))

    def user_by_login(self, login: str) -> User:
        """One user; raises NotFound."""
        return User(**self._ask("get_user_by_login", login=login))

    def section(self, section_id: int) -> Section:
        """One section; raises NotFound."""
        return Section(**self._ask("get_section", id=section_id))

    def partner(self, partner_id: int) -> Partner:
        """One partner; raises NotFound."""
        return Partner(**self._ask("get_partner", id=partner_id))

    def save_user(self, command: SaveUser) -> User:
        """Add or change a user."""
        return User(**self._save("save_user", command))

    def save_section(self, command: SaveSection) -> Section:
        """Add or change a section."""
        return Section(**self._save("save_section", command))

    def save_partner(self, command: SavePartner) -> Partner:
        """Add or change a partner."""
        return Partner(**self._save("save_partner", command))

    def save_category(self, command: SaveNode) -> TreeNode:
        """Add or change a category of cases."""
        return TreeNode(**self._save("save_category", command))

    def save_partner_category(self, command: SaveNode) -> TreeNode:
        """Add or change a category of partners."""
        return TreeNode(**self._save("save_partner_category", command))

    def save_kind(self, command: SaveKind) -> Kind:
        """Add or change a kind of case."""
        return Kind(**self._save("save_kind", command))

    def history(self, what: str, key: int | str) -> list[DirectoryChange]:
        """Who changed an entry and how, the last first; `what` is as in DirectoryChange."""
        found = self._ask("list_directory_history", what=what, key=str(key))
        return [DirectoryChange.model_validate(change) for change in found]

    def forget(self) -> None:
        """Something has changed in the directory: ask anew."""
        self._kept.clear()

    def _ask(self, method: str, **arguments: Any) -> Any:
        return self._rpc.call("cases", method, **arguments)

    def _nodes(self, method: str) -> list[TreeNode]:
        return sorted((TreeNode(**n) for n in self._ask(method)), key=lambda node: node.path)

    def _save(self, method: str, command: SaveUser | SaveNode | SaveKind) -> dict[str, Any]:
        answer = self._ask(method, command=command.model_dump(mode="json", exclude_unset=True))
        self.forget()
        return dict(answer)

    def _keep(self, key: Any, ask: Callable[[], Answer]) -> Answer:
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and kept[0] > now:
            answer: Answer = kept[1]
            return answer
        answer = ask()
        self._kept[key] = (now + KEPT_SECONDS, answer)
        return answer
