"""The commands that every service's `python -m services.<name>` has."""

from __future__ import annotations

import argparse
from typing import Any


def service_parser(name: str) -> tuple[argparse.ArgumentParser, Any]:
    """A parser with `run` and `migrate`, and its subparsers for the service's own commands."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the service until it is told to stop")
    commands.add_parser("migrate", help="bring the database to the present schema")
    return parser, commands
