"""All SQL about links between cases; each stands there twice, once as seen from either case."""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select

from services.cases.tables import case_links, cases
from services.contracts.case_commands import INVERSE, CaseLink, Relation

_LINKS = (
    select(
        case_links.c.other.label("number"),
        case_links.c.relation,
        cases.c.state,
        cases.c.snapshot["subject"].as_string().label("subject"),
    )
    .join(cases, cases.c.number == case_links.c.other)
    .where(case_links.c.case_number == bindparam("its_number"))
    .order_by(case_links.c.other, case_links.c.relation)
)


def links_of(connection: Connection, number: int) -> tuple[CaseLink, ...]:
    """The links of a case, with how the other cases stand."""
    rows = connection.execute(_LINKS, {"its_number": number}).mappings()
    return tuple(CaseLink.model_validate(dict(row)) for row in rows)


def in_words(found: tuple[CaseLink, ...]) -> list[str]:
    """Links as the history tells them: "follows 101"."""
    return [f"{one.relation} {one.number}" for one in found]


def add_link(connection: Connection, number: int, relation: Relation, other: int) -> None:
    """Link two cases that are not yet linked so."""
    rows = [
        {"case_number": number, "relation": relation, "other": other},
        {"case_number": other, "relation": INVERSE[relation], "other": number},
    ]
    connection.execute(insert(case_links), rows)


def remove_links(connection: Connection, number: int, other: int) -> None:
    """Take all links between two cases away."""
    t = case_links
    either = or_(
        and_(t.c.case_number == number, t.c.other == other),
        and_(t.c.case_number == other, t.c.other == number),
    )
    connection.execute(delete(t).where(either))


def move_links(connection: Connection, gone: int, stays: int) -> None:
    """What one case was linked to the other is from now on, if it is not itself."""
    there = {(one.relation, one.number) for one in links_of(connection, stays)}
    for one in links_of(connection, gone):
        if one.number != stays and (one.relation, one.number) not in there:
            add_link(connection, stays, one.relation, one.number)
    t = case_links
    connection.execute(delete(t).where(or_(t.c.case_number == gone, t.c.other == gone)))
