"""How soon an event leaves after its commit when nothing else goes on, as services run: green.

The broker's own time is measured in the same run, so that a slow machine is not taken for a
slow relay; what is left has to be far below what polling alone would take.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from support.broker import BrokerServer

from services.messaging.relay import POLL_SECONDS

ROOT = Path(__file__).parents[3]
MEASURE = """
from services.runtime.green import patch
patch()
import json, random, statistics, sys, threading, time
from kombu.connection import Connection
from sqlalchemy import MetaData
from services.contracts.directory import User, UserChanged
from services.messaging import topology
from services.messaging.inbox import inbox_table
from services.messaging.outbox import outbox_table
from services.messaging.publisher import Outgoing, Publisher
from services.messaging.relay import Relay
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.identity import new_id

COUNT = 60
metadata = MetaData()
outbox, inbox = outbox_table(metadata), inbox_table(metadata)
database = Database("sqlite:///" + sys.argv[1])
metadata.create_all(database.engine)
transactions = Transactions(database, outbox, inbox)
arrived = {}

def consume():
    with Connection(sys.argv[2]) as connection:
        queue = topology.main_queue("casewire.rules")
        with connection.Consumer([queue], on_message=note, auto_declare=False, no_ack=True):
            while not done.is_set():
                try:
                    connection.drain_events(timeout=0.2)
                except TimeoutError:
                    pass

def note(message):
    arrived[message.properties["message_id"]] = time.monotonic()

def event():
    user = User(id=1, login="demo", name="Demo User")
    return UserChanged(id=new_id(), occurred_at=now(), data=user)

def by_relay(event):
    with transactions.begin() as transaction:
        transaction.publish(event)
    return time.monotonic()  # the commit is done

def plainly(event):
    began = time.monotonic()
    publisher.publish([Outgoing(event.id, event.type, event.model_dump_json())])
    return began

def measure(send):
    times = []
    for _ in range(COUNT):
        time.sleep(random.uniform(0.02, 0.08))  # idle, at any point of the relay's poll
        one = event()
        began = send(one)
        deadline = time.monotonic() + 10
        while one.id not in arrived and time.monotonic() < deadline:
            time.sleep(0.0005)
        times.append(max(0.0, arrived[one.id] - began))
    return statistics.median(times), statistics.quantiles(times, n=20)[18]

done = threading.Event()
publisher = Publisher(sys.argv[2])
with Connection(sys.argv[2]) as connection:
    topology.main_queue("casewire.rules").bind(connection.default_channel).purge()
consumer = threading.Thread(target=consume)
consumer.start()
plain = measure(plainly)
relay = Relay(database, transactions.outbox, sys.argv[2])
transactions.wake = relay.wake
relaying = threading.Thread(target=relay.run)
relaying.start()
time.sleep(1)
relayed = measure(by_relay)
relay.stop()
done.set()
relaying.join()
consumer.join()
print(json.dumps({"plain": plain, "relayed": relayed}))
"""


def test_an_idle_event_leaves_at_once(tmp_path: Path, broker: BrokerServer) -> None:
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "relay.sqlite3"), broker.uri],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    measured = json.loads(result.stdout)
    (plain, plain_95), (relayed, relayed_95) = measured["plain"], measured["relayed"]
    print(f"commit to arrival: median {relayed * 1000:.1f} ms, 95 % {relayed_95 * 1000:.1f} ms")
    print(f"plain round trip: median {plain * 1000:.1f} ms, 95 % {plain_95 * 1000:.1f} ms")
    # Polling alone would take half of POLL_SECONDS at the median.
    assert relayed - plain < POLL_SECONDS / 4
