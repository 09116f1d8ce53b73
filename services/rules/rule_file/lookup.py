"""From the names that people use to what the cases service knows, and to working calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from services.contracts.directory import MailTemplate, Partner, Section, TreeNode, User
from services.contracts.rules import WorkingCalendar
from services.rules.case_directory import CaseDirectory
from services.rules.errors import RulesError
from services.rules.store import Entry

MOST_TOLD = 12


class NotThere(RulesError):
    """A name means nothing, or more than one thing; the message says what to write."""


class Lookup:
    """Asks for each list once."""

    def __init__(self, cases: CaseDirectory, calendars: Sequence[WorkingCalendar] = ()) -> None:
        self._cases = cases
        self._calendars = calendars
        self._partners: dict[str, list[Partner]] = {}

    def find(self, kind: str, name: object) -> Entry:
        """The "user", "section", "partner", "category", "template" and so on of this name.

        Raises NotThere, and ServiceAway while cases does not answer.
        """
        if not isinstance(name, str) or not name.strip():
            raise NotThere(f"write the name of a {kind.replace('_', ' ')}, not {name!r}")
        ways: dict[str, Callable[[str], Entry]] = {
            "user": self._user,
            "section": self._section,
            "partner": self._partner,
            "template": self._template,
            "calendar": self._calendar,
        }
        found = ways[kind](name.strip()) if kind in ways else self._node(kind, name)
        if not found.active:
            raise NotThere(f"the {kind} {found.name} is not active; name another")
        return found

    @cached_property
    def _users(self) -> list[User]:
        return self._cases.users()

    @cached_property
    def _sections(self) -> list[Section]:
        return self._cases.sections()

    @cached_property
    def _categories(self) -> list[TreeNode]:
        return self._cases.nodes("category")

    @cached_property
    def _partner_categories(self) -> list[TreeNode]:
        return self._cases.nodes("partner_category")

    def _user(self, name: str) -> Entry:
        by_login = [user for user in self._users if _same(user.login, name)]
        found = by_login or [user for user in self._users if _same(user.name, name)]
        if len(found) > 1:
            logins = ", ".join(user.login for user in found)
            raise NotThere(f"{len(found)} users are called “{name}”; write the login: {logins}")
        if not found:
            raise _nothing("user", name, (user.login for user in self._users))
        return Entry("user", found[0].id, found[0].version, found[0].name, found[0].active)

    def _section(self, name: str) -> Entry:
        found = next((section for section in self._sections if _same(section.name, name)), None)
        if found is None:
            raise _nothing("section", name, (section.name for section in self._sections))
        return Entry("section", found.id, found.version, found.name, found.active)

    def _partner(self, name: str) -> Entry:
        if name not in self._partners:
            self._partners[name] = self._cases.partners_called(name)
        found = self._partners[name]
        if len(found) > 1:
            raise NotThere(f"{len(found)} partners are called “{name}”; rename all but one")
        if not found:
            raise NotThere(f"there is no partner “{name}”; write the whole name")
        return Entry("partner", found[0].id, found[0].version, found[0].name, found[0].active)

    def _template(self, name: str) -> Entry:
        return _called("template", name, self._cases.templates())

    def _calendar(self, name: str) -> Entry:
        return _called("calendar", name, self._calendars)

    def _node(self, kind: str, path: str) -> Entry:
        nodes = self._categories if kind == "category" else self._partner_categories
        wanted = _parts(path)
        found = next((node for node in nodes if _parts(node.path) == wanted), None)
        if found is None:
            raise _nothing(kind, path, (node.path for node in nodes))
        return Entry(kind, found.id, 0, found.path, True)


def _called(kind: str, name: str, known: Sequence[MailTemplate | WorkingCalendar]) -> Entry:
    found = next((one for one in known if _same(one.name, name)), None)
    if found is None:
        raise _nothing(kind, name, (one.name for one in known))
    return Entry(kind, found.id, found.version, found.name, found.active)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip().casefold() for part in path.split("/"))


def _nothing(kind: str, name: str, known: Iterable[str]) -> NotThere:
    names = sorted(known)
    told = ", ".join(names[:MOST_TOLD]) + (", …" if len(names) > MOST_TOLD else "")
    return NotThere(f"there is no {kind.replace('_', ' ')} “{name}”; there are {told or 'none'}")
