"""Looking all the time whether a web address answers as it should."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import requests
from support.system import PASSWORD, Api

PAUSE_SECONDS = 0.2


@dataclass
class WebWatch:
    """Asks for readiness, for a page, and for what other services have to answer, in a thread.

    `failures` says which question was not answered well; `answers` counts those that were.
    """

    address: str
    management: str
    failures: list[str] = field(default_factory=list)
    answers: int = 0

    def start(self) -> WebWatch:
        """Begin to look, at an address that is up."""
        token = Api(self.address).post("/tokens", name="admin", password=PASSWORD)["token"]
        self._questions = {
            f"{self.management}/readyz": {},
            f"{self.address}/": {},
            f"{self.address}/api/v1/cases": {"Authorization": f"Bearer {token}"},
        }
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.address, daemon=True)
        self._thread.start()
        return self

    def leave(self) -> None:
        """Look no more: from now on the address may go away, as a proxy has to know before."""
        self._stopping.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE_SECONDS):
            for question, headers in self._questions.items():
                self._ask(question, headers)

    def _ask(self, question: str, headers: dict[str, str]) -> None:
        try:
            answer = requests.get(question, headers=headers, timeout=30)
        except requests.RequestException as error:
            self.failures.append(f"{question}: {error!r}")
            return
        if answer.ok:
            self.answers += 1
        else:
            self.failures.append(f"{question}: {answer.status_code} {answer.text[:200]}")
