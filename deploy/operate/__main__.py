"""`./casewire COMMAND …`: the operators' commands.

Exit code 0: done, and all is well; 1: it could not be done, or something is wrong; 2: it was asked
for wrongly (an unknown command or consumer, a setting that cannot be taken).
"""

from __future__ import annotations

import argparse
import sys
from types import ModuleType

from sqlalchemy.exc import DBAPIError

from deploy.operate import back_up, dead_letters, doctor, person, replay, restore
from deploy.operate.errors import CannotDo
from deploy.operate.private_files import private_files
from services.contracts.errors import ContractError
from services.messaging.dead_letters import UnknownConsumer
from services.messaging.publisher import BUS_TROUBLE
from services.runtime.file_store import FileStoreError
from services.runtime.migration import SchemaIsTooNew
from services.runtime.settings import SettingsError

COMMANDS: dict[str, ModuleType] = {
    "doctor": doctor,
    "dead-letters": dead_letters,
    "backup": back_up,
    "restore": restore,
    "replay": replay,
    "person": person,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answers its exit code."""
    given = _parser().parse_args(arguments)
    try:
        with private_files():
            return int(COMMANDS[given.command].run(given))
    except (SettingsError, UnknownConsumer) as error:
        return _told(2, str(error))
    except DBAPIError as error:
        return _told(1, f"a database cannot be used: {error.orig}; ask `casewire doctor`")
    except BUS_TROUBLE as error:
        return _told(1, f"{error}; ask `casewire doctor`")
    except (CannotDo, ContractError, FileStoreError, SchemaIsTooNew) as error:
        return _told(1, str(error))
    except KeyboardInterrupt:
        return _told(1, "broken off")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="casewire", description="The operators' commands.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        own = commands.add_parser(name, help=module.HELP, description=module.__doc__)
        own.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(own)
    return parser


def _told(code: int, what: str) -> int:
    print(f"casewire: {what}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
