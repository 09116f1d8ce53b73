"""`python -m services.messaging {list,retry,drop} CONSUMER [ID]`: the operator's dead letters."""

from __future__ import annotations

import argparse
import sys

from services.messaging.broker_check import broker_check
from services.messaging.dead_letters import DeadLetters, UnknownConsumer
from services.runtime.settings import Settings, SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 1 when message or broker is not there, 2 on bad input."""
    parser = argparse.ArgumentParser(prog="python -m services.messaging")
    parser.add_argument("command", choices=["list", "retry", "drop"])
    parser.add_argument("consumer", help="cases, rules, mailgw, reporting or web")
    parser.add_argument("id", nargs="?", help="one message; `retry` without it takes all")
    given = parser.parse_args(arguments)
    try:
        amqp_uri = Settings.load().amqp_uri
        letters = DeadLetters(amqp_uri, given.consumer)
    except (UnknownConsumer, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    trouble = broker_check(amqp_uri)()
    if trouble is not None:
        print(trouble, file=sys.stderr)
        return 1
    if given.command == "list":
        return _list(letters)
    if given.command == "drop" and given.id is None:
        parser.error("drop needs the id of the message to throw away")
    done = letters.retry(given.id) if given.command == "retry" else letters.drop(given.id)
    print(f"{done} message{'' if done == 1 else 's'}")
    return 0 if done or given.id is None else 1


def _list(letters: DeadLetters) -> int:
    for letter in letters.show():
        print(f"{letter.id}  {letter.type}  {letter.attempts} attempts  {letter.error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
