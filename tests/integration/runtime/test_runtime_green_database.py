"""psycopg under eventlet: a query that waits stalls nobody else in the process.

Both times are measured in the same run, so a slow machine changes neither's relation.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from support.postgresql import PostgresqlServer

ROOT = Path(__file__).parents[3]
TOGETHER = """
from services.runtime.green import patch
patch()
import json, sys, time
import eventlet
from sqlalchemy import text
from services.runtime.database import Database

database = Database(sys.argv[1])

def query():
    with database.read() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))

def seconds(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began

def together():
    for one in [eventlet.spawn(query) for _ in range(4)]:
        one.wait()

together()  # opens the connections, so that neither time holds it
serial = seconds(lambda: [query() for _ in range(4)])
print(json.dumps({"serial": serial, "together": seconds(together)}))
"""


def test_four_queries_wait_together(postgresql: PostgresqlServer) -> None:
    result = subprocess.run(
        [sys.executable, "-c", TOGETHER, postgresql.url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    measured = json.loads(result.stdout)
    print(f"four queries of 0.5 s: {measured}")
    assert measured["serial"] >= 2.0
    assert measured["together"] < measured["serial"] / 2
