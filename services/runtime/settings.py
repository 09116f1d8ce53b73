"""The settings of a service, read from the environment and checked at start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from services.runtime.setting_files import SECRET, SecretFiles, SettingsError, file_variable

__all__ = ["Settings", "SettingsError"]


class Settings(BaseSettings):
    """Settings by the upper-case name of each field; ports are TCP, intervals are seconds.

    A field marked SECRET, say `amqp_uri`, may stand in the file that AMQP_URI_FILE names.
    `raw_mail_days` is how long the originals of settled mails are kept; None is for ever.
    """

    model_config = SettingsConfigDict(extra="ignore")

    amqp_uri: Annotated[str, SECRET] = "amqp://guest:guest@127.0.0.1:5672/"
    home: Path = Field(default=Path("var"), validation_alias="CASEWIRE_HOME")
    database_url: Annotated[str | None, SECRET] = None
    attachments_url: str | None = None
    log_level: str = "INFO"
    bind_address: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=1, le=65535)
    web_address: str = ""
    web_management_port: int = Field(default=8100, ge=1, le=65535)
    cases_port: int = Field(default=8101, ge=1, le=65535)
    mailgw_port: int = Field(default=8102, ge=1, le=65535)
    rules_port: int = Field(default=8103, ge=1, le=65535)
    reporting_port: int = Field(default=8104, ge=1, le=65535)
    raw_mail_days: int | None = Field(default=None, ge=1)
    fetch_interval_seconds: float = Field(default=300, gt=0)
    grading_interval_seconds: float = Field(default=60, gt=0)
    rpc_timeout_seconds: float = Field(default=10, gt=0)
    otel_exporter_otlp_endpoint: str = ""

    @field_validator("web_address", "otel_exporter_otlp_endpoint")
    @classmethod
    def _check_address(cls, address: str) -> str:
        """Links in mails begin with it, so a slip here would send people nowhere."""
        parts = urlsplit(address)
        if address and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("should be such as https://desk.example.com")
        return address.rstrip("/")

    @field_validator("raw_mail_days", mode="before")
    @classmethod
    def _empty_is_for_ever(cls, days: object) -> object:
        """Compose files set what is left out to an empty text."""
        return None if days == "" else days

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str | None) -> str | None:
        """Accept the usual spellings of a PostgreSQL address; psycopg 3 is the driver here."""
        if not url:
            return None
        for spelling in ("postgresql://", "postgres://"):
            if url.startswith(spelling):
                return "postgresql+psycopg://" + url.removeprefix(spelling)
        if not url.startswith("postgresql+psycopg://"):
            raise ValueError("should begin with postgresql:// (leave it unset for SQLite)")
        return url

    @model_validator(mode="after")
    def _find_local_broker(self) -> Self:
        """Let commands beside `make run` find the RabbitMQ that it has started for itself."""
        told = self.home / "amqp_uri"
        if "amqp_uri" not in self.model_fields_set and told.is_file():
            self.amqp_uri = told.read_text(encoding="utf-8")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a program gives, then files of secrets, then the environment."""
        return init_settings, SecretFiles(settings_cls), env_settings

    @classmethod
    def load(cls) -> Self:
        """The settings of this process.

        Raises SettingsError naming each variable that cannot be taken.
        """
        try:
            return cls()
        except ValidationError as error:
            lines = [f"{cls._variable_of(e['loc'])}: {e['msg']}" for e in error.errors()]
            raise SettingsError("cannot start: " + "; ".join(lines)) from error

    @classmethod
    def _variable_of(cls, place: tuple[Any, ...]) -> str:
        """The variable that a wrong value came from: the one that names its file, if so."""
        name = ".".join(map(str, place))
        field = cls.model_fields.get(name)
        return (file_variable(name, field) if field else None) or name.upper()

    @property
    def public_address(self) -> str:
        """Where people reach the web service, without a slash at the end: links in mails."""
        return self.web_address or f"http://127.0.0.1:{self.web_port}"

    def database_url_for(self, service: str) -> str:
        """The SQLAlchemy address of one service's database."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.home / f'{service}.sqlite3').absolute()}"

    @property
    def attachments_at(self) -> str:
        """Where attachments are kept: any URL that fsspec opens."""
        return self.attachments_url or str((self.home / "attachments").absolute())

    def management_port_for(self, service: str) -> int:
        """The port on which a service shows its metrics and health."""
        name = "web_management_port" if service == "web" else f"{service}_port"
        return int(getattr(self, name))
