"""The custom fields of a case, as somebody changes them (K9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from services.cases import directory
from services.cases.model.custom_values import FindPerson, Unfit, checked
from services.contracts.cases import Ref
from services.contracts.directory import CustomField, Kind, User
from services.contracts.errors import InvalidRequest

Values = Mapping[str, Any]


def custom_values(
    connection: Connection, kind: Kind, held: Values, given: Values | None
) -> dict[str, Any]:
    """What a case of this kind holds once `given` is laid over what it holds.

    Null empties a field, and null for `given` all of them. What the kind has not, or would
    not take, is dropped; but for a value that stays as it is: one of a choice that there is
    no more stays where it stands. Raises InvalidRequest for an unknown field, a value that
    does not fit, and a required field without one.
    """
    fields = {field.code: field for field in kind.fields}
    values = {} if given is None else dict(held)
    for code, value in (given or {}).items():
        if code in held and _same(value, held[code]):
            continue
        values[code] = _value(connection, kind, fields.get(code), code, value)
    values = {code: value for code, value in values.items() if value is not None}
    for field in kind.fields:
        if field.required and field.code not in values:
            words = f"{field.name} must be given for a case of the kind {kind.name}"
            raise InvalidRequest(f"custom.{field.code}", words)
    return values


def fitting(kind: Kind, held: Values) -> dict[str, Any]:
    """Of what a case holds what another kind takes over: fields of the same code and type."""
    fields = {field.code: field for field in kind.fields}
    return {
        code: value for code, value in held.items() if code in fields and _fits(fields[code], value)
    }


def _value(
    connection: Connection, kind: Kind, field: CustomField | None, code: str, value: Any
) -> Any:
    if field is None:
        if value is None:
            return None
        known = ", ".join(f"{one.code} ({one.name})" for one in kind.fields)
        there = f"there are {known}" if known else "it has none of its own"
        raise InvalidRequest(f"custom.{code}", f"is no field of the kind {kind.name}; {there}")
    try:
        return checked(field, value, _finder(connection))
    except Unfit as error:
        raise InvalidRequest(f"custom.{code}", f"{field.name}: {error}") from error


def _same(given: Any, held: Any) -> bool:
    """Whether it is what the case holds; a person is given by his number."""
    return given == held or (isinstance(held, Mapping) and str(given) == str(held["id"]))


def _fits(field: CustomField, value: Any) -> bool:
    if field.type == "person":
        return isinstance(value, Mapping)
    try:
        return bool(checked(field, value, lambda _: None) == value)
    except Unfit:
        return False


def _finder(connection: Connection) -> FindPerson:
    def find(id: int) -> Ref | None:
        user = directory.find(connection, User, id)
        return Ref(id=user.id, name=user.name) if user and user.active else None

    return find
