"""O3: in PostgreSQL each service's role of the compose file owns its schema and sees no other."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from support.postgresql import PostgresqlServer

from deploy.compose.passwords import make_passwords
from deploy.compose.rights import SERVICES
from deploy.compose.roles import make_roles
from services.runtime.migration import migrate
from services.runtime.settings import Settings

READERS = ("operator", "postgres", "rabbitmq", "grafana", "mail", *SERVICES)


@pytest.fixture(scope="module")
def volumes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders that are volumes of the compose file, with what a new installation gets."""
    found = tmp_path_factory.mktemp("secrets")
    for name in READERS:
        (found / name).mkdir()
    make_passwords(found)
    return found


@pytest.fixture(scope="module")
def server(postgresql: PostgresqlServer, volumes: Path) -> Iterator[PostgresqlServer]:
    """A database with the roles, made twice."""
    url = postgresql.url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE casewire")
    (volumes / "operator" / "database_url").chmod(0o600)
    (volumes / "operator" / "database_url").write_text(url.removesuffix("postgres") + "casewire")
    for _ in range(2):
        make_roles(volumes / "operator")
    yield postgresql
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP DATABASE casewire WITH (FORCE)")
        for name in SERVICES:
            connection.execute(f"DROP ROLE {name}")  # type: ignore[arg-type]


def url_of(server: PostgresqlServer, service: str) -> str:
    return f"postgresql://{service}@127.0.0.1:{server.port}/casewire"


@pytest.mark.parametrize("service", SERVICES)
def test_O3_a_service_migrates_its_own_schema_and_reads_no_other(
    server: PostgresqlServer, service: str, tmp_path: Path
) -> None:
    settings = Settings(CASEWIRE_HOME=tmp_path, database_url=url_of(server, service))
    migrate(settings, service)
    migrate(settings, service)
    with psycopg.connect(url_of(server, service), autocommit=True) as connection:
        connection.execute(f"SELECT count(*) FROM {service}.alembic_version")  # type: ignore[arg-type]
        for other in set(SERVICES) - {service}:
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"SELECT * FROM {other}.alembic_version")  # type: ignore[arg-type]
        for refused in ("CREATE SCHEMA mine", "CREATE TABLE public.mine (id int)"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(refused)


def test_O2_what_was_restored_by_the_operator_is_given_to_its_service(
    server: PostgresqlServer, volumes: Path, tmp_path: Path
) -> None:
    settings = Settings(CASEWIRE_HOME=tmp_path, database_url=url_of(server, "rules"))
    migrate(settings, "rules")
    with psycopg.connect(
        server.url.replace("+psycopg", "").removesuffix("postgres") + "casewire"
    ) as all_may:
        all_may.execute("ALTER SCHEMA rules OWNER TO postgres")
        for (name,) in all_may.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'rules'"
        ).fetchall():
            all_may.execute(f'ALTER TABLE rules."{name}" OWNER TO postgres')
    with psycopg.connect(url_of(server, "rules")) as its_own, pytest.raises(InsufficientPrivilege):
        its_own.execute("SELECT * FROM rules.rules")
    make_roles(volumes / "operator")
    migrate(settings, "rules")
    with psycopg.connect(url_of(server, "rules")) as its_own:
        its_own.execute("SELECT * FROM rules.rules FOR UPDATE")
        its_own.execute("ALTER TABLE rules.rules ADD COLUMN more integer")
        its_own.rollback()


def test_O3_the_role_has_the_password_that_the_service_is_given(
    server: PostgresqlServer, volumes: Path
) -> None:
    given = (volumes / "cases" / "database_url").read_text()
    assert given.startswith("postgresql://cases:") and given.endswith("@postgres/casewire")
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'cases'")
        found = row.fetchone()
    assert found is not None and found[0].startswith("SCRAM-SHA-256$")


def test_O3_passwords_are_made_once_and_read_by_their_owner_alone(volumes: Path) -> None:
    def all_of_them() -> dict[Path, str]:
        return {
            p: p.read_text() for p in volumes.rglob("*") if p.is_file() and "json" not in p.name
        }

    before = all_of_them()
    make_passwords(volumes)
    changed = {path for path, text in all_of_them().items() if text != before[path]}
    assert changed <= {volumes / "operator" / "database_url"}  # which this module has pointed here
    for service in SERVICES:
        for path in (volumes / service).iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o400
