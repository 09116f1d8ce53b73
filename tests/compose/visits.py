"""Somebody who asks for the cases all the time, and notes when he is not answered."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import requests

from compose.company import Company
from compose.places import ComposeTestError

PAUSE_SECONDS = 0.1
LONGEST_SECONDS = 20.0


class Visits:
    """While it is entered, he asks through the proxy; each connection is a new one."""

    def __init__(self, company: Company) -> None:
        self._api = company.api()
        self._company = company
        self._thread = threading.Thread(target=self._visit, daemon=True)
        self._over = threading.Event()
        self._troubles: list[str] = []
        self.count = 0
        self.longest_seconds = 0.0

    def __enter__(self) -> Visits:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Raises ComposeTestError when he was not answered once, unless all failed anyway."""
        self._over.set()
        self._thread.join(2 * LONGEST_SECONDS)
        if error is None and (self._troubles or not self.count):
            raise ComposeTestError(
                f"{len(self._troubles)} of {self.count} visits failed: {self._troubles[:5]}"
            )

    def _visit(self) -> None:
        headers = {"Authorization": self._api._session.headers["Authorization"]}
        while not self._over.wait(PAUSE_SECONDS):
            self.count += 1
            begin = time.monotonic()
            with self._company.session() as session:
                try:
                    answer = session.get(
                        f"{self._api.base}/cases", headers=headers, timeout=LONGEST_SECONDS
                    )
                    if answer.status_code != 200:
                        self._troubles.append(f"{answer.status_code} {answer.text[:200]}")
                except requests.RequestException as error:
                    self._troubles.append(str(error))
            self.longest_seconds = max(self.longest_seconds, time.monotonic() - begin)
