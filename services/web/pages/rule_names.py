"""What the ids of rules are called: asked of the directory, for the words on a page."""

from __future__ import annotations

from collections.abc import Iterable

from services.contracts.errors import NotFound
from services.contracts.rules import Rule
from services.web.clients.directory import DirectoryClient
from services.web.pages.criteria_words import Names
from services.web.translation import gettext
from services.web.wiring import Wiring


def names_for(wiring: Wiring, rules: Iterable[Rule]) -> Names:
    """The names of everything that these rules may tell of."""
    directory = wiring.directory
    partners = {rule.criteria.partner_id for rule in rules} - {None}
    kinds = directory.kinds()
    fields = {(kind.code, one.code): one for kind in kinds for one in kind.fields}
    return Names(
        sections={one.id: one.name for one in directory.sections()},
        users={one.id: one.name for one in directory.users()},
        categories={one.id: one.path for one in directory.categories()},
        partner_categories={one.id: one.path for one in directory.partner_categories()},
        kinds={one.code: one.name for one in kinds},
        partners={id: partner_name(directory, id) for id in partners if id is not None},
        templates={one.id: one.name for one in wiring.templates.list_templates()},
        calendars={one.id: one.name for one in wiring.calendars.list_calendars()},
        fields={key: one.name for key, one in fields.items()},
        person_fields=frozenset(key for key, one in fields.items() if one.type == "person"),
    )


def partner_name(directory: DirectoryClient, id: int) -> str:
    """The name of a partner, its number when there is none (any more)."""
    try:
        return directory.partner(id).name
    except NotFound:
        return gettext("number %(id)s", id=id)
