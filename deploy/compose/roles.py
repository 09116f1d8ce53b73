"""A role of PostgreSQL for each service, which owns the schema of its name and sees no other."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from deploy.compose.rights import SERVICES

FOLDER = Path("/run/secrets")


def make_roles(folder: Path = FOLDER) -> None:
    """Make or correct the roles and schemas; all in one transaction, and again without harm.

    The folder holds the superuser's `database_url` and `NAME.postgres` with each password.
    Raises psycopg.Error.
    """
    url = (folder / "database_url").read_text(encoding="utf-8")
    with psycopg.connect(url) as connection:
        _close_to_the_public(connection)
        for name in SERVICES:
            _make_role(connection, name, (folder / f"{name}.postgres").read_text("ascii"))


def _close_to_the_public(connection: psycopg.Connection) -> None:
    database = Identifier(connection.info.dbname)
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


def _make_role(connection: psycopg.Connection, name: str, password: str) -> None:
    role, database = Identifier(name), Identifier(connection.info.dbname)
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        connection.execute(SQL("CREATE ROLE {}").format(role))
    # Hashed here, so that no log of the server can hold it.
    hashed = connection.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    ).decode()
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}"
    connection.execute(SQL("ALTER ROLE {} " + rights).format(role, Literal(hashed)))
    connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(role, role))
    _give(connection, name)


def _give(connection: psycopg.Connection, name: str) -> None:
    """The schema and its tables to the role of their name: what was restored is the operator's."""
    role = Identifier(name)
    connection.execute(SQL("ALTER SCHEMA {} OWNER TO {}").format(role, role))
    tables = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
        "WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p') "
        "AND r.rolname <> %s",
        [f'"{name}"', name],
    ).fetchall()
    for (table,) in tables:
        statement = SQL("ALTER TABLE {} OWNER TO {}")
        connection.execute(statement.format(Identifier(name, table), role))
