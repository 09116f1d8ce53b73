"""The faults of a plan strike, each at its moment and in a thread of its own."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence

from faults.storm.plan import Fault
from faults.storm.site import Site
from faults.storm.strikes import messages, processes, surroundings

Strike = Callable[[Site, Fault], str]
STRIKES: dict[str, Strike] = {
    "kill service": processes.kill_service,
    "kill while relaying": processes.kill_while_relaying,
    "kill between confirm and mark": processes.kill_between_confirm_and_mark,
    "kill broker": processes.kill_broker,
    "kill database": processes.kill_database,
    "freeze service": processes.freeze_service,
    "line reset": surroundings.reset_line,
    "line silent": surroundings.silence_line,
    "line slow": surroundings.slow_line,
    "line refused": surroundings.refuse_line,
    "disk full": surroundings.fill_disk,
    "clock jump": processes.jump_clock,
    "poison": messages.poison,
    "repeats": messages.repeat,
    "memory alarm": surroundings.alarm_memory,
    "disk alarm": surroundings.alarm_disk,
}
ENDS_SECONDS = 240.0  # the longest fault, and a start of the broker behind it


class Striking:
    """Has every fault strike; `errors` are what went wrong with the storm itself."""

    def __init__(self, site: Site, plan: Sequence[Fault], say: Callable[[str], None]) -> None:
        self._site = site
        self._plan = plan
        self._say = say
        self._threads: list[threading.Thread] = []
        self.errors: list[str] = []

    def run(self) -> None:
        """Until the last fault has ended."""
        begin = time.monotonic()
        for fault in self._plan:
            time.sleep(max(0.0, begin + fault.at - time.monotonic()))
            thread = threading.Thread(target=self._strike, args=(fault,), daemon=True)
            thread.start()
            self._threads.append(thread)
        for thread in self._threads:
            thread.join(ENDS_SECONDS)
        self.errors += [f"{one.name} has not ended" for one in self._threads if one.is_alive()]

    def _strike(self, fault: Fault) -> None:
        threading.current_thread().name = f"fault {fault.number}"
        self._site.journal.begin(fault)
        self._say(f"{fault.at:7.1f} s  #{fault.number} {fault}")
        try:
            note = STRIKES[fault.kind](self._site, fault)
        except Exception:  # noqa: BLE001  the storm goes on, and its record tells of it
            note = "it could not strike as planned"
            self.errors.append(f"fault #{fault.number} {fault}: {traceback.format_exc(limit=-3)}")
        self._site.journal.end(fault, note)
