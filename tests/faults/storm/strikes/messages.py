"""What should never have been published, and what was published before, straight to the broker."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress

from faults.storm.evidence import database_of
from faults.storm.plan import RELAYING, Fault
from faults.storm.site import Site
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.contracts.routes import ROUTES
from services.messaging.publisher import BUS_TROUBLE, Outgoing, Publisher
from services.runtime.identity import new_id

HUGE_BYTES = 8 * 1024 * 1024
REPEATED = 120  # of each service's messages
FROM = "SELECT position, id, type, body FROM outbox WHERE sent_at IS NOT NULL AND position > :after"


def poison(site: Site, fault: Fault) -> str:
    """Bodies that are no message, in a queue each, and one for all who listen to a type."""
    dice = random.Random(fault.details["dice"])
    queue = dice.choice(list(ROUTES))
    kind = dice.choice(ROUTES[queue])
    bodies = dict(_bodies(dice, kind))
    name = dice.choice(list(bodies))
    message = Outgoing(new_id(), *bodies[name], exchange="", routing_key=queue)
    queues = [queue]
    if dice.random() < 0.3:  # by the exchange, to everybody who listens
        message = Outgoing(message.id, kind, message.body)
        queues = [one for one, kinds in ROUTES.items() if kind in kinds]
    for one in queues:
        site.journal.do("INSERT INTO poison VALUES (?, ?)", message.id, one)
    return f"{name} for {', '.join(queues)}{_published(site, [message])}"


def _bodies(dice: random.Random, kind: str) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Type and body of each kind of poison, by its name."""
    whole = {"id": new_id(), "type": kind, "occurred_at": "2026-01-01T00:00:00Z", "data": {}}
    yield "rubbish", (kind, dice.randbytes(200))
    yield "an empty body", (kind, b"")
    yield "half a message", (kind, json.dumps(whole).encode()[:40])
    yield "an unknown type", ("case.exploded", json.dumps(whole).encode())
    yield "no type", ("", json.dumps(whole).encode())
    yield "a wrong schema", (kind, json.dumps({**whole, "data": {"case": [1]}}).encode())
    yield "a list", (kind, b"[1, 2, 3]")
    yield "deep nesting", (kind, b"[" * 100_000)
    yield "a huge body", (kind, b'{"data": "' + b"x" * HUGE_BYTES + b'"}')


def repeat(site: Site, fault: Fault) -> str:
    """What was sent before comes again, shuffled, as if relays had lost their marks."""
    dice = random.Random(fault.details["dice"])
    messages = [message for service in RELAYING for message in _history(site, dice, service)]
    messages += dice.sample(messages, min(len(messages), 20))
    dice.shuffle(messages)
    return f"{len(messages)} messages{_published(site, messages)}"


def _history(site: Site, dice: random.Random, service: str) -> list[Outgoing]:
    """Some messages of a service's outbox that stand together, anywhere in it."""
    database = database_of(site, service)
    try:
        with database.read() as connection:
            end = int(connection.scalar(text("SELECT max(position) FROM outbox")) or 0)
            after = dice.choice((dice.randint(0, end), max(0, end - REPEATED)))
            asked = text(f"{FROM} ORDER BY position LIMIT {REPEATED}")
            rows = connection.execute(asked, {"after": after}).all()
    except SQLAlchemyError:  # the database is struck as well
        return []
    finally:
        database.close()
    return [Outgoing(row.id, row.type, row.body, mandatory=False) for row in rows]


def _published(site: Site, messages: list[Outgoing]) -> str:
    """Publish them over a line of our own; what failed is told."""
    try:
        publisher = Publisher(site.amqp_uri)
    except BUS_TROUBLE as error:
        return f"; not published: {type(error).__name__}"
    try:
        publisher.publish(messages)
    except BUS_TROUBLE as error:
        return f"; maybe published: {type(error).__name__}"
    finally:
        with suppress(*BUS_TROUBLE):
            publisher.close()
    return ""
