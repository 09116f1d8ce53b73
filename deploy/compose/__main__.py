"""`python -m deploy.compose {passwords,database,broker}`: the one-shots of compose.yaml."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import psycopg
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError

from deploy.compose.passwords import make_passwords
from deploy.compose.roles import make_roles
from services.messaging.topology import declare_for
from services.runtime.settings import Settings, SettingsError


def declare_queues() -> None:
    """Declare every queue with the operator's user, for those of the services may not.

    They are ready for a broker of several nodes; on one they only know how often a message came.
    """
    declare_for(Settings.load().amqp_uri, replicated=True)


COMMANDS: dict[str, tuple[str, Callable[[], None]]] = {
    "passwords": ("make the passwords and addresses that are missing", make_passwords),
    "database": ("make a role and a schema for each service", make_roles),
    "broker": ("declare exchange and queues", declare_queues),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 with a sentence when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m deploy.compose")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (told, _) in COMMANDS.items():
        commands.add_parser(name, help=told)
    chosen = parser.parse_args(arguments).command
    try:
        COMMANDS[chosen][1]()
    except (OSError, SettingsError, psycopg.Error, AMQPError, OperationalError) as error:
        print(f"{chosen}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
