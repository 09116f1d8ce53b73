"""The JSON API as the demo's people use it, each with a token of his own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import requests

from deploy.demo.errors import DemoError, DoneBefore, Refused, Stale

TRIES = 6
TIMEOUT_SECONDS = 30
LARGEST_PAGE = 200


class Api:
    """One signed-in person."""

    def __init__(self, web: str, login: str, password: str) -> None:
        """Sign in. Raises DemoError when nobody answers, or the password is wrong."""
        self._base = f"{web.rstrip('/')}/api/v1"
        self._session = requests.Session()
        answer = self._send("POST", "/tokens", json={"name": login, "password": password})
        if answer.status_code == 401:
            raise DemoError(
                f"{login} cannot sign in with this password; give it with --password "
                "or in CASEWIRE_ADMIN_PASSWORD (the first start showed it)"
            )
        self._session.headers["Authorization"] = f"Bearer {self._read(answer)['token']}"

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a question. Raises DemoError."""
        return self._read(self._send("GET", path, params=query))

    def items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every entry of a list, page by page. Raises DemoError."""
        cursor = None
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def post(self, path: str, key: str, **body: Any) -> Any:
        """Send a command; the same key again takes no effect and gets the same answer.

        Raises Stale, DoneBefore, Refused, DemoError.
        """
        return self._read(self._send("POST", path, json=body, headers=_keyed(key)))

    def patch(self, path: str, key: str, **body: Any) -> Any:
        """Change something; as `post`."""
        return self._read(self._send("PATCH", path, json=body, headers=_keyed(key)))

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        """The answer; a service that is away for a moment is waited for."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._session.request(
                    method, self._base + path, timeout=TIMEOUT_SECONDS, **more
                )
            except requests.RequestException as error:
                raise DemoError(
                    f"nothing answers at {self._base}: start Casewire first (make run), or say "
                    f"with --web where it is ({type(error).__name__})"
                ) from error
            if answer.status_code != 503 or attempt == TRIES:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def _read(self, answer: requests.Response) -> Any:
        if answer.ok:
            return answer.json() if answer.content else None
        said = f"{answer.request.method} {answer.request.path_url}: {_detail(answer)}"
        if answer.status_code == 409:
            raise (Stale if "current" in answer.json() else Refused)(said)
        if answer.status_code == 422:
            known = answer.json().get("field") == "Idempotency-Key"
            raise (DoneBefore if known else Refused)(said)
        raise DemoError(f"{answer.status_code} {said}")


def _keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": quote(key)}  # names of any language, in a header


def _detail(answer: requests.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return answer.reason
    return str(problem.get("detail") or problem.get("title") or answer.reason)
