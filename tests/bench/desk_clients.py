"""People before their browsers: each asks for a page, reads for a while, and asks for the next.

A process of its own, so that they and the gateway share a machine but no lock. It reads what to
do from standard input (JSON) and prints the milliseconds of each page by its name.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections import defaultdict
from random import Random
from typing import Any
from urllib.parse import urlsplit


def main() -> None:
    """Let them all work, and print what they waited."""
    given = json.load(sys.stdin)
    waited: dict[str, list[float]] = defaultdict(list)
    people = [
        threading.Thread(target=_work, args=(given, Random(number), waited))
        for number in range(given["clients"])
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    json.dump(waited, sys.stdout)


def _work(given: dict[str, Any], random: Random, waited: dict[str, list[float]]) -> None:
    """One of them, from his first page to the end; a page that fails ends the run."""
    address = urlsplit(given["base"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    end = time.perf_counter() + given["seconds"]
    every = given["every"]
    time.sleep(random.random() * every)
    while time.perf_counter() < end:
        name, path = random.choice(given["pages"])
        begin = time.perf_counter()
        connection.request("GET", path, headers=given["headers"])
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - begin
        if answer.status != 200:
            raise SystemExit(f"{path} was answered {answer.status}")
        waited[name].append(took * 1000)
        time.sleep(max(0.0, random.uniform(0.5, 1.5) * every - took))


if __name__ == "__main__":
    main()
