"""From the names a person knows to the ids that commands carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from services.contracts.case_commands import CaseFields, CaseQuestion
from services.contracts.errors import InvalidRequest
from services.contracts.reading import read
from services.web.api.schemas.cases import CaseConditions, GivenCaseFields
from services.web.api.schemas.custom import custom_asked
from services.web.clients.directory import DirectoryClient

# Several values go with commas between.
SEVERAL = ("state", "exact", "without", "partner_category_id")
Find = Callable[[DirectoryClient, str], Iterable[int]]


def case_fields(directory: DirectoryClient, given: GivenCaseFields) -> CaseFields:
    """The fields of a command.

    Raises InvalidRequest for a name unknown, or of several, and for a moment in a senseless year.
    """
    values = given.model_dump(exclude_unset=True)
    for name, find in FINDERS.items():
        if name in values:
            if f"{name}_id" in values:
                raise InvalidRequest(name, f"give {name} or {name}_id, not both")
            values[f"{name}_id"] = only_one(directory, name, values.pop(name), find)
    return read(CaseFields, {k: v for k, v in values.items() if k in FIELDS})


def case_question(given: CaseConditions) -> dict[str, Any]:
    """The fields of a CaseQuestion, from those of a query."""
    asked = given.model_dump(include=set(CaseQuestion.model_fields) - {"custom"})
    for name in SEVERAL:
        asked[name] = asked[name].split(",") if asked.get(name) else ()
    asked["custom"] = custom_asked(given.custom)
    return asked


def only_one(directory: DirectoryClient, field: str, name: str | None, find: Find) -> int | None:
    """The id of the one thing of this name; None for none asked. Raises InvalidRequest."""
    if name is None or not name.strip():
        return None
    ids = list(find(directory, name.strip()))
    if not ids:
        raise InvalidRequest(field, f"there is no {field} called {name!r}")
    if len(ids) > 1:
        raise InvalidRequest(field, f"{len(ids)} are called {name!r}; give {field}_id")
    return ids[0]


def sections_called(directory: DirectoryClient, name: str) -> list[int]:
    """The sections of this name."""
    return [one.id for one in directory.sections() if _same(one.name, name)]


def users_called(directory: DirectoryClient, name: str) -> list[int]:
    """The user of this login; without one, the users of this name or address."""
    users = directory.users()
    by_login = [one.id for one in users if _same(one.login, name)]
    others = (one for one in users if _same(one.name, name) or _same(one.address or "", name))
    return by_login or [one.id for one in others]


def partners_called(directory: DirectoryClient, name: str) -> list[int]:
    """The partners of this name; without one, those with a contact of this address."""
    found = directory.partners(q=name, limit=50).items
    by_name = [one.id for one in found if _same(one.name, name)]
    return by_name or [one.id for one in found if any(_same(c.address, name) for c in one.contacts)]


def categories_called(directory: DirectoryClient, name: str) -> list[int]:
    """The category of this path; without one, the categories of this name."""
    nodes = directory.categories()
    by_path = [one.id for one in nodes if _same(one.path, name)]
    return by_path or [one.id for one in nodes if _same(one.name, name)]


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


FIELDS: frozenset[str] = frozenset(CaseFields.model_fields)
FINDERS: dict[str, Find] = {
    "section": sections_called,
    "responsible": users_called,
    "partner": partners_called,
    "category": categories_called,
}
