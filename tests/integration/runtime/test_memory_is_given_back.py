"""Large blocks that were freed do not stay with the process."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from services.runtime.allocation import give_memory_back

if sys.argv[1] == "told":
    assert give_memory_back()

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

before = held()
kept = []
learnt_from = b'x' * 31_000_000
del learnt_from
for size in range(10, 31):
    large = [b'x' * (size * 1_000_000 + one) for one in range(3)]
    kept.append([b'x' * (3_000 + one) for one in range(20)])  # what lives on between them
    del large
print(held() - before)
"""


def held_megabytes(how: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_what_large_mails_took_is_given_back() -> None:
    assert held_megabytes("told") < 10 < held_megabytes("not told")
