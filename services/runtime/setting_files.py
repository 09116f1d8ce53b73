"""Settings that are secret are read from files as well, as orchestrators hand secrets out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource


class _Secret:
    """Marks a field as one that may stand in a file."""


SECRET: Final = _Secret()


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable and what it should be."""


class SecretFiles(PydanticBaseSettingsSource):
    """For a field marked with SECRET, say `database_url`: the file that DATABASE_URL_FILE names.

    Blanks around the secret, such as the newline at the end, are not part of it. Raises
    SettingsError for each file that is not to be had, is empty, or is named beside the secret
    itself.
    """

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        troubles: list[str] = []
        for field_name, field in self.settings_cls.model_fields.items():
            variable = file_variable(field_name, field)
            if variable is None:
                continue
            try:
                found[str(field.validation_alias or field_name)] = _read(variable)
            except ValueError as error:
                troubles.append(f"{variable}: {error}")
        if troubles:
            raise SettingsError("cannot start: " + "; ".join(troubles))
        return found

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not asked for: all are read at once."""
        return None, field_name, False


def secret_variables(settings: type[BaseSettings]) -> tuple[str, ...]:
    """The names of the variables that may be given as a file, such as DATABASE_URL."""
    fields = settings.model_fields.items()
    return tuple(_variable(name, field) for name, field in fields if SECRET in field.metadata)


def file_variable(field_name: str, field: FieldInfo) -> str | None:
    """The variable that names the file of this field, if it is set and the field is secret."""
    variable = f"{_variable(field_name, field)}_FILE"
    return variable if SECRET in field.metadata and os.environ.get(variable) else None


def file_given(variable: str) -> Path | None:
    """The file that a secret such as DATABASE_URL is read from; None when it is in none."""
    named = os.environ.get(f"{variable}_FILE")
    return Path(named) if named else None


def _variable(field_name: str, field: FieldInfo) -> str:
    return str(field.validation_alias or field_name).upper()


def _read(variable: str) -> str:
    beside = variable.removesuffix("_FILE")
    if os.environ.get(beside):
        raise ValueError(f"set it or {beside}, not both")
    path = Path(os.environ[variable])
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ValueError(f"{path} cannot be read ({reason})") from error
    if not secret:
        raise ValueError(f"{path} is empty")
    return secret
