"""A process of the storm sees another time at once when its clock is set."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from support.jumping_clock import JUMP
from support.process_group import catches, members
from support.system import ROOT

PROGRAM = '''
"""Says the time once for each line that it reads."""
import sys
from datetime import datetime
print("ready", flush=True)
for _ in sys.stdin:
    print(datetime.now().isoformat(), flush=True)
'''


def test_M12_a_clock_is_set_while_its_process_runs(tmp_path: Path) -> None:
    (tmp_path / "says_the_time.py").write_text(PROGRAM)
    wrong_by = tmp_path / "clock"
    wrong_by.write_text("0")
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), str(tmp_path)])
    with subprocess.Popen(
        [sys.executable, "-m", "support.jumping_clock", str(wrong_by), "says_the_time"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None

        def told() -> timedelta:
            """By how much its clock is ahead."""
            process.stdin.write("\n")
            process.stdin.flush()
            return datetime.fromisoformat(process.stdout.readline().strip()) - datetime.now()

        assert process.stdout.readline() == "ready\n"
        minute = timedelta(minutes=1)
        assert abs(told()) < minute
        assert list(members(process.pid)) == [process.pid] and catches(process.pid, JUMP)
        wrong_by.write_text("-7200")
        os.kill(process.pid, JUMP)
        time.sleep(0.2)
        assert abs(told() + timedelta(hours=2)) < minute
        process.stdin.close()
