"""Hand events of the past to one consumer again: what its queue lost, or what a fault made of it.

Read from the outboxes, which keep all that was ever published, and put straight into the consumer's
queue: nobody else hears of it. Events that took effect there already are left out and counted.
With --again their marks are taken back first: web (webhooks that were not told are) and reporting
can handle an event twice. Cases and mailgw would act twice, and rules that were made since would
fire on it. For reports that are wrong use `python -m services.reporting rebuild`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from deploy.operate.errors import CannotDo
from deploy.operate.installation import SERVICES, database_of, table_of
from deploy.operate.past_messages import PastMessage, messages_between
from services.contracts.routes import ROUTES
from services.mailgw import outgoing_store
from services.messaging.dead_letters import UnknownConsumer
from services.messaging.inbox import KEPT_DAYS, Inbox
from services.messaging.publisher import Outgoing, Publisher
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.settings import Settings

HELP = "hand events of the past to one consumer again"
BATCH = 500
CAN_DO_AGAIN = ("reporting", "web")


@dataclass
class Replayed:
    """How many messages were handed over, and how many had taken effect before."""

    handed: int = 0
    left_out: int = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """To whom, and from when until when."""
    parser.add_argument("consumer", help="cases, rules, mailgw, reporting or web")
    parser.add_argument("--since", type=_moment, required=True, metavar="DATE", help="ISO, UTC")
    parser.add_argument(
        "--until", type=_moment, metavar="DATE", help="ISO, UTC; until now if unset"
    )
    parser.add_argument("--again", action="store_true", help="also what took effect already")
    parser.add_argument("--dry-run", action="store_true", help="count, and hand over nothing")


def run(given: argparse.Namespace) -> int:
    """Replay, and tell the counts. Raises UnknownConsumer, CannotDo."""
    settings, consumer = Settings.load(), given.consumer
    if f"casewire.{consumer}" not in ROUTES:
        raise UnknownConsumer(
            f"no consumer is called {consumer!r}; there are {', '.join(SERVICES)}"
        )
    until = given.until or now()
    _refuse(consumer, given.since, given.again)
    replayed = _replay(settings, given, until)
    did = "would be handed" if given.dry_run else "were handed"
    print(
        f"{replayed.handed + replayed.left_out} messages since {given.since:%Y-%m-%d %H:%M}: "
        f"{replayed.handed} {did} to {consumer}, {replayed.left_out} had taken effect already"
    )
    return 0


def _refuse(consumer: str, since: datetime, again: bool) -> None:
    if again and consumer not in CAN_DO_AGAIN:
        raise CannotDo(f"{consumer} would act on old events anew; leave --again out")
    if not again and since < now() - timedelta(days=KEPT_DAYS - 1):
        raise CannotDo(
            f"what took effect is remembered for {KEPT_DAYS} days: older events would take effect "
            "twice; give a later --since, or --again where that does no harm"
        )


def _replay(settings: Settings, given: argparse.Namespace, until: datetime) -> Replayed:
    replayed = Replayed()
    queue = f"casewire.{given.consumer}"
    with ExitStack() as stack:
        consumer = stack.enter_context(database_of(settings, given.consumer))
        past = messages_between(stack, settings, ROUTES[queue], given.since, until)
        publisher = None
        if not given.dry_run:
            publisher = Publisher(settings.amqp_uri)
            stack.callback(publisher.close)
        for batch in _batches(past):
            known = set() if given.again else _known(consumer, given.consumer, batch)
            fresh = [message for message in batch if message.id not in known]
            replayed.handed += len(fresh)
            replayed.left_out += len(known)
            if publisher is None or not fresh:
                continue
            if given.again:
                _forget(consumer, given.consumer, fresh)
            publisher.publish(
                [Outgoing(x.id, x.type, x.body, exchange="", routing_key=queue) for x in fresh]
            )
    return replayed


def _batches(past: Iterator[PastMessage]) -> Iterator[list[PastMessage]]:
    while batch := list(islice(past, BATCH)):
        yield batch


def _known(database: Database, consumer: str, batch: Sequence[PastMessage]) -> set[str]:
    """Those that took effect; the mail gateway knows its orders by their own table."""
    inbox = table_of(consumer, "inbox")
    assert inbox is not None
    ids = [message.id for message in batch]
    with database.read() as connection:
        known = Inbox(inbox).known(connection, ids)
        return known | outgoing_store.known(connection, ids) if consumer == "mailgw" else known


def _forget(database: Database, consumer: str, batch: Sequence[PastMessage]) -> None:
    inbox = table_of(consumer, "inbox")
    assert inbox is not None
    ids = [message.id for message in batch]
    with database.write() as connection:
        connection.execute(inbox.delete().where(inbox.c.id.in_(ids)))


def _moment(text: str) -> datetime:
    """An ISO 8601 date or moment; in UTC where no zone is given."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
