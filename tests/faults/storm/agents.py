"""Agents reply and close cases by the API; each wish is repeated, under one key, till done."""

from __future__ import annotations

import random
import re
import threading
import time
from typing import Any

import requests
from faults.storm.site import Site
from support.mail_office import read
from support.system import PASSWORD

NUMBER = re.compile(r"\[(\d+)\]")
PAUSE_SECONDS = 0.5
ANSWER_SECONDS = 20.0


class Agents:
    """Reply to one mail of ours in so many seconds, until they are told to go home."""

    def __init__(self, site: Site, seed: int, every_seconds: float) -> None:
        self._site = site
        self._dice = random.Random(seed + 3)
        self._every = every_seconds
        self._home = threading.Event()
        self._thread = threading.Thread(target=self._work, name="agents", daemon=True)
        self._token = ""
        self._errors: list[BaseException] = []

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def go_home(self, patience_seconds: float) -> list[str]:
        """Finish what is in hand; what has kept them from it."""
        self._home.set()
        self._thread.join(patience_seconds)
        found = [f"the agents were stopped: {error!r}" for error in self._errors]
        if self._thread.is_alive():
            found.append(f"an agent's wish was not carried out within {patience_seconds:g} s")
        return found

    def _work(self) -> None:
        try:
            number = 0
            while not self._home.wait(self._every):
                if self._site.recent:
                    number += 1
                    self._reply(number)
        except Exception as error:  # noqa: BLE001  told when they are sent home
            self._errors.append(error)

    def _reply(self, number: int) -> None:
        told = NUMBER.search(str(read(self._dice.choice(list(self._site.recent)))["Subject"]))
        if told is None:
            return
        case, key = int(told[1]), f"storm-reply-{number:06d}"
        path, body = f"/cases/{case}/messages", {"kind": "reply", "text": f"Said once: {key}."}
        if self._until_done("POST", path, body, key).status_code == 201:
            statement = "INSERT INTO replied VALUES (?, ?, ?)"
            self._site.journal.do(statement, key, case, time.time())
        if self._dice.random() < 0.5:
            self._close(case, f"storm-close-{number:06d}")

    def _close(self, case: int, key: str) -> None:
        """Somebody may have been faster: then it stays as it is."""
        found = self._until_done("GET", f"/cases/{case}", None, "")
        if found.ok and found.json()["state"] in ("open", "pending"):
            body = {"version": found.json()["version"], "state": "done"}
            self._until_done("PATCH", f"/cases/{case}", body, key)

    def _until_done(
        self, method: str, path: str, body: dict[str, Any] | None, key: str
    ) -> requests.Response:
        """Ask until there is an answer that another try would not change."""
        while True:
            answer = self._ask(method, path, body, key)
            if answer is not None and answer.status_code == 401:
                self._token = ""
            elif answer is not None and answer.status_code < 500 and not _in_work(answer):
                return answer
            time.sleep(PAUSE_SECONDS)

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, key: str
    ) -> requests.Response | None:
        base = f"{self._site.system.web}/api/v1"
        try:
            if not self._token:
                who = {"name": "admin", "password": PASSWORD}
                signed = requests.post(f"{base}/tokens", json=who, timeout=ANSWER_SECONDS)
                if not signed.ok:
                    return None
                self._token = signed.json()["token"]
            headers = {"Authorization": f"Bearer {self._token}"}
            if key:
                headers["Idempotency-Key"] = key
            return requests.request(
                method, base + path, json=body, headers=headers, timeout=ANSWER_SECONDS
            )
        except requests.RequestException:
            return None


def _in_work(answer: requests.Response) -> bool:
    return answer.status_code == 409 and "still in work" in answer.text
