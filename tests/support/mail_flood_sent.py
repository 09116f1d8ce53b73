"""What became of each mail that was ordered in a flood: it came, and twice only for a kill."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from support.mail_flood import Arrival, Kill, MailFlood
from support.mail_office import read

from services.contracts.mail import MailSend

# What a process wrote before its death may reach the server later. Nothing that comes so soon
# after a kill is from the next process: it has to start first.
STARTS_SECONDS = 0.5

Queue = Mapping[str, Mapping[str, Any]]


def doubles_of(
    flood: MailFlood, orders: Mapping[str, MailSend], queue: Queue, told_sent: Counter[str]
) -> tuple[list[str], list[str]]:
    """A sentence for each mail that came again and is explained, and one for each fault.

    `queue` holds the rows of the outgoing queue by the id of their order, `told_sent` how often
    the bus was told that an order is sent.
    """
    came: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in flood.arrivals:
        came[str(read(arrival.delivered)["Message-ID"])].append(arrival)
    known = Counter(order.data.message_id for order in orders.values())
    explained: list[str] = []
    wrong = [f"came, but nobody ordered it: {one}" for one in set(came) - set(known)]
    wrong += [f"{one} stands for {count} orders" for one, count in known.items() if count > 1]
    wrong += [f"queued, but nobody ordered it: {one}" for one in set(queue) - set(orders)]
    for order in orders.values():
        message_id, row = order.data.message_id, queue.get(order.id)
        arrivals = came[message_id]
        if row is None or row["status"] != "sent" or not arrivals or told_sent[order.id] != 1:
            stands = dict(row) if row is not None else "not in the queue"
            told = f"came {len(arrivals)} times, told {told_sent[order.id]} times"
            wrong.append(f"{message_id}: {told}, {stands}")
            continue
        for arrival in arrivals[:-1]:
            why = _unexplained(flood, arrival)
            if why or row["attempts"] < len(arrivals):
                wrong.append(f"{message_id} came again in {row['attempts']} attempts: {why}")
            else:
                explained.append(f"{message_id}: {_told(flood, arrival)}")
    return explained, wrong


def _unexplained(flood: MailFlood, arrival: Arrival) -> str:
    """Empty when it was the last that its connection brought before a kill, of all mails."""
    connection = arrival.delivered.connection
    last = [one for one in flood.arrivals if one.delivered.connection == connection][-1]
    if last is not arrival:
        return "others followed over the same connection"
    kill = _kill_of(flood, arrival)
    if kill is None:
        return "no kill came after it"
    later = sum(arrival.at < one.at < kill.begun for one in flood.arrivals)
    return f"{later} came between it and the kill" if later else ""


def _kill_of(flood: MailFlood, arrival: Arrival) -> Kill | None:
    """The one that ended the process which had sent it."""
    return next((kill for kill in flood.kills if kill.ended + STARTS_SECONDS > arrival.at), None)


def _told(flood: MailFlood, arrival: Arrival) -> str:
    kill = _kill_of(flood, arrival)
    assert kill is not None
    milliseconds = (kill.begun - arrival.at) * 1000
    if milliseconds < 0:
        return "the server had it when the gateway was dead already"
    return f"killed {milliseconds:.1f} ms after the server had it"
