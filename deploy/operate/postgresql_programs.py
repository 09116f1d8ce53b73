"""Running PostgreSQL's own programs on the database of the settings."""

from __future__ import annotations

import os
import subprocess

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from deploy.operate.errors import CannotDo

Options = dict[str, str]


def run_program(program: str, database_url: str, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore`; the password goes by the environment, where no list of
    processes shows it.

    Raises CannotDo with what the program said.
    """
    url = make_url(database_url)
    query = {key: str(value) for key, value in url.query.items()}
    parts: Options = {"dbname": url.database or "", "user": url.username or ""}
    parts |= {"host": url.host or "", "port": str(url.port or ""), **query}
    target = make_conninfo("", **{key: value for key, value in parts.items() if value})
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [program, f"--dbname={target}", "--no-password", *arguments]
    try:
        done = subprocess.run(
            command, env={**os.environ, **secret}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise CannotDo(f"{program} is not installed; it is one of PostgreSQL's clients") from error
    if done.returncode:
        raise CannotDo(f"{program}: {done.stderr.strip()}")
