"""The web gateway on a database of its own, with stand-ins for the answers of the services."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from services.contracts.errors import NotFound, ServiceAway
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.file_store import open_file_store
from services.web.access.credentials import save_credential
from services.web.access.sight import asker_id, seen_in_reports
from services.web.app import create_app
from services.web.clients.calendars import CalendarsClient
from services.web.clients.cases import CasesClient
from services.web.clients.directory import DirectoryClient
from services.web.clients.mailgw import MailgwClient
from services.web.clients.portal import PortalClient
from services.web.clients.reporting import ReportingClient
from services.web.clients.rules import RulesClient
from services.web.clients.templates import TemplatesClient
from services.web.settings import WebSettings
from services.web.tables import metadata
from services.web.wiring import EXTENSION, Wiring

PASSWORD = "correct horse battery"
# Cheap to check: what the real one costs is of no interest here.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
USERS: dict[int, dict[str, Any]] = {
    1: {"id": 1, "login": "admin", "name": "Administrator", "role": "admin"},
    2: {"id": 2, "login": "anna", "name": "Anna Berger", "role": "manager"},
    3: {"id": 3, "login": "tom", "name": "Tom Novak", "role": "agent"},
    4: {"id": 4, "login": "rita", "name": "Rita Read", "role": "read-only"},
    5: {"id": 5, "login": "nora", "name": "Nora North", "role": "manager", "sees": "sections"},
}


class Answers:
    """In the place of RpcClient: answers by method, and keeps what it was asked.

    An answer is a value, a function of the arguments, or an error to raise; a method that
    has none is away.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.by_method: dict[str, Any] = {
            "get_user": _user,
            "get_user_by_login": _user_by_login,
            "list_users": list(USERS.values()),
            "list_sections": [{"id": 1, "name": "Support"}, {"id": 2, "name": "Technical"}],
            "list_kinds": [{"code": "helpdesk", "name": "Helpdesk request"}],
            "list_categories": [{"id": 1, "name": "Printer", "path": "Hardware / Printer"}],
            "list_partner_categories": [],
            "list_templates": [],
            "list_calendars": [],
            "list_partners": {"items": [], "next": None},
            "list_cases": {"items": [], "next": None},
            "list_tags": [],
            "list_directory_history": [],
        }

    def call(self, service: str, method: str, /, **arguments: Any) -> Any:
        self.asked.append((service, method, arguments))
        answer = self.by_method.get(method, ServiceAway(service, 5.0))
        if isinstance(answer, Exception):
            raise answer
        return answer(**arguments) if callable(answer) else answer

    def last(self, method: str) -> dict[str, Any]:
        """What this method was asked last."""
        return next(given for _, name, given in reversed(self.asked) if name == method)

    def close(self) -> None:
        """Nothing is open."""


def bench(folder: Path, **more: Any) -> tuple[APIFlask, Answers]:
    """The app, where every user of USERS signs in with PASSWORD."""
    settings = WebSettings(CASEWIRE_HOME=folder, web_secret_key="for the tests", **more)
    database = Database(f"sqlite:///{folder / 'web.sqlite3'}")
    metadata.create_all(database.engine)
    with database.write() as connection:
        for user in USERS.values():
            save_credential(connection, user["id"], user["login"], HASH, now())
    answers = Answers()
    rpc: Any = answers
    directory = DirectoryClient(rpc)
    wiring = Wiring(
        settings,
        database,
        rpc,
        CasesClient(rpc, asker_id),
        directory,
        RulesClient(rpc),
        MailgwClient(rpc),
        ReportingClient(rpc, lambda: seen_in_reports(directory)),
        CalendarsClient(rpc),
        TemplatesClient(rpc, asker_id),
        open_file_store(settings),
        PortalClient(rpc),
    )
    app = create_app(wiring) if more else _app_with(wiring)
    app.config["TESTING"] = False  # errors are answered, as they are in earnest
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app, answers


@dataclass
class _Shared:
    """The app of the usual settings: to make one, and its pages' templates, takes longer than
    most tests do. It is a new one where a test has it in hand already."""

    app: APIFlask | None = None
    config: dict[str, Any] = field(default_factory=dict)
    test: str = ""


_SHARED = _Shared()


def _app_with(wiring: Wiring) -> APIFlask:
    test = os.environ["PYTEST_CURRENT_TEST"].partition(" (")[0]
    if _SHARED.app is None:
        _SHARED.app = create_app(wiring)
        _SHARED.config = dict(_SHARED.app.config)
    elif _SHARED.test == test:
        return create_app(wiring)
    _SHARED.test = test
    _SHARED.app.config.clear()
    _SHARED.app.config.update(_SHARED.config)
    _SHARED.app.extensions[EXTENSION] = wiring
    return _SHARED.app


def token(client: FlaskClient, login: str) -> dict[str, str]:
    """The header with a new token of this user."""
    answer = client.post("/api/v1/tokens", json={"name": login, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['token']}"}


def csrf_of(page: str) -> str:
    """The key that every form of a page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, password: str = PASSWORD, name: str = "tom", **how: Any) -> int:
    """Sign in by the page; answers the status."""
    key = csrf_of(client.get("/sign-in", **how).text)
    form = {"name": name, "password": password, "csrf_token": key}
    referrer = {"Referer": how["base_url"]} if "base_url" in how else {}
    return client.post("/sign-in", data=form, headers=referrer, **how).status_code


def a_case(**fields: Any) -> dict[str, Any]:
    """A case as the cases service answers it."""
    moment = "2026-11-24T10:00:00Z"
    return {
        "number": 101,
        "version": 3,
        "subject": "Printer on fire",
        "state": "open",
        "kind": "helpdesk",
        "created_at": moment,
        "last_action_at": moment,
        "state_since": moment,
        "moves": ["pending", "done", "cancelled"],
        **fields,
    }


def _user(id: int) -> dict[str, Any]:
    if id not in USERS:
        raise NotFound("user", id)
    return USERS[id]


def _user_by_login(login: str) -> dict[str, Any]:
    for user in USERS.values():
        if user["login"] == login:
            return user
    raise NotFound("user", login)
