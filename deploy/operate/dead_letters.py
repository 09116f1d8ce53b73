"""What a consumer gave up: list it, show one whole, put it back into its queue, or drop it.

A dead letter that is put back takes effect once, also where it had taken effect before.
"""

from __future__ import annotations

import argparse
import json

from deploy.operate.errors import CannotDo
from services.contracts.routes import ROUTES
from services.messaging.broker_check import broker_check
from services.messaging.dead_letters import DeadLetter, DeadLetters
from services.runtime.settings import Settings

HELP = "list, show, retry or drop the messages that a consumer gave up"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done, with which consumer and message."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = acts.add_parser("list", help="one line a dead letter, of one consumer or of all")
    listing.add_argument("consumer", nargs="?", help="cases, rules, mailgw, reporting or web")
    for act, told in (("show", "all of one, its body laid out"), ("drop", "throw one away")):
        one = acts.add_parser(act, help=told)
        one.add_argument("consumer")
        one.add_argument("id")
    retry = acts.add_parser("retry", help="put one, or all, back into the consumer's queue")
    retry.add_argument("consumer")
    retry.add_argument("id", nargs="?", help="one message; without it, all")


def run(given: argparse.Namespace) -> int:
    """Do it; 1 when there is no such message. Raises UnknownConsumer, CannotDo."""
    amqp_uri = Settings.load().amqp_uri
    names = [given.consumer] if given.consumer else [n.removeprefix("casewire.") for n in ROUTES]
    consumers = {name: DeadLetters(amqp_uri, name) for name in names}
    if trouble := broker_check(amqp_uri)():
        raise CannotDo(trouble)
    if given.act == "list":
        return _list(consumers)
    letters = consumers[given.consumer]
    if given.act == "show":
        return _show(letters, given.id)
    done = letters.retry(given.id) if given.act == "retry" else letters.drop(given.id)
    if given.id and not done:
        raise CannotDo(f"there is no dead letter {given.id}; `dead-letters list` shows them")
    print(f"{done} message{'' if done == 1 else 's'}")
    return 0


def _list(consumers: dict[str, DeadLetters]) -> int:
    for name, letters in consumers.items():
        for letter in letters.show():
            print(f"{name}  {letter.id}  {letter.type}  {letter.attempts} attempts  {letter.error}")
    return 0


def _show(letters: DeadLetters, id: str) -> int:
    found = next((letter for letter in letters.show() if letter.id == id), None)
    if found is None:
        raise CannotDo(f"there is no dead letter {id}; `dead-letters list` shows them")
    print(f"id        {found.id}\ntype      {found.type}\nattempts  {found.attempts}")
    print(f"error     {found.error}\n\n{_laid_out(found)}")
    return 0


def _laid_out(letter: DeadLetter) -> str:
    """The body as indented JSON; as it is where it is none, which may be what is wrong with it."""
    text = letter.body.decode("utf-8", "backslashreplace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
