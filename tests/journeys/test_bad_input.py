"""Bad input through the front door: each gets a message with the field and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from support.system import PASSWORD, RunningSystem

SAY = {"do": "add_note", "text": "Look at it"}
A_RULE = {"name": "A rule", "actions": [SAY]}


@dataclass
class There:
    """What the requests below are about, and who sends them."""

    web: str
    headers: dict[str, str]
    case: int
    version: int
    categories: tuple[int, int]
    groups: tuple[int, int]
    sections: tuple[int, int]
    rule: int

    def ask(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        return requests.request(
            method, f"{self.web}/api/v1{path}", json=body, headers=self.headers, timeout=30
        )

    def everything(self) -> dict[str, Any]:
        """All that the refused requests could have changed."""
        paths = ("/categories", "/partner-categories", "/sections", "/rules", "/templates")
        paths += ("/users", "/calendars", f"/cases/{self.case}", "/cases", "/partners", "/kinds")
        return {path: self.ask("GET", path, {}).json() for path in paths}


@pytest.fixture(scope="module")
def there(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    system = RunningSystem(tmp_path_factory.mktemp("bad") / "home", own_broker)
    with system.running():
        api = system.api()
        made: list[tuple[int, int]] = []
        for path in ("/categories", "/partner-categories", "/sections"):
            above = api.post(path, name="Above")["id"]
            made.append((above, api.post(path, name="Below", parent_id=above)["id"]))
        api.post("/users", login="gone", name="Gone", active=False)
        case = api.post("/cases", subject="Printer", state="open")
        token = api.post("/tokens", 201, name="admin", password=PASSWORD)["token"]
        rule = api.post("/rules", **A_RULE)["rule"]["id"]
        yield There(
            system.web,
            {"Authorization": f"Bearer {token}"},
            case["number"],
            case["version"],
            made[0],
            made[1],
            made[2],
            rule,
        )


# What is sent where (names in braces are filled in), the status, the field it names, and what
# the answer says to do about it.
BAD: dict[str, tuple[str, str, dict[str, Any], int, str, str]] = {
    "a category below itself": (
        "PUT",
        "/categories/{categories[0]}",
        {"name": "Above", "parent_id": "{categories[1]}"},
        422,
        "parent_id",
        "choose another place",
    ),
    "a partner category below itself": (
        "PUT",
        "/partner-categories/{groups[0]}",
        {"name": "Above", "parent_id": "{groups[0]}"},
        422,
        "parent_id",
        "choose another place",
    ),
    "a section below itself": (
        "PATCH",
        "/sections/{sections[0]}",
        {"version": 1, "parent_id": "{sections[1]}"},
        422,
        "parent_id",
        "cannot lie below itself",
    ),
    "a rule without an action": (
        "POST",
        "/rules",
        {"name": "Idle"},
        422,
        "actions",
        "say what to do",
    ),
    "a rule that counts from no date": (
        "POST",
        "/rules",
        {**A_RULE, "name": "Late", "trigger": {"delay": 3}},
        422,
        "trigger.delay",
        "choose one",
    ),
    "a rule for an unknown user": (
        "POST",
        "/rules",
        {"name": "To nobody", "actions": [{"do": "assign", "to": "user", "user_id": 4711}]},
        422,
        "actions.0.user_id",
        "there is no user 4711",
    ),
    "a rule for a user who left": (
        "POST",
        "/rules",
        {"name": "To one gone", "actions": [{"do": "assign", "to": "user", "user_id": 2}]},
        422,
        "actions.0.user_id",
        "Gone is not active; name another",
    ),
    "a rule with a misspelt action": (
        "POST",
        "/rules",
        {"name": "Misspelt", "actions": [{**SAY, "txt": "Look"}]},
        422,
        "actions.0",
        "add_note has no txt",
    ),
    "a rule saved over somebody else's change": (
        "PATCH",
        "/rules/{rule}",
        {"version": 7, "name": "Stale"},
        409,
        "",
        "read it again",
    ),
    "a template that loops over numbers": (
        "POST",
        "/templates",
        {"name": "Loop", "subject": "x", "text": "{% for i in range(10**9) %}x{% endfor %}"},
        422,
        "text",
        "loop over one of case.watchers",
    ),
    "a template that loops in a loop": (
        "POST",
        "/templates",
        {
            "name": "Loops",
            "subject": "x",
            "text": "{% for a in case.tags %}{% for b in case.tags %}x{% endfor %}{% endfor %}",
        },
        422,
        "text",
        "not inside a loop",
    ),
    "a template that reads a secret": (
        "POST",
        "/templates",
        {"name": "Secret", "subject": "{{ case.__class__.__mro__ }}", "text": "x"},
        422,
        "subject",
        "there is nothing called __",
    ),
    "a template that reads the environment": (
        "POST",
        "/templates",
        {"name": "Secret", "subject": "x", "text": "{{ settings.AMQP_URI }}"},
        422,
        "text",
        "a template knows only `case`",
    ),
    "a rule whose mail reads a secret": (
        "POST",
        "/rules",
        {
            "name": "Secret",
            "actions": [{"do": "send_template", "subject": "x", "text": "{{ ''.__class__ }}"}],
        },
        422,
        "actions.0.text",
        "there is nothing called __class__",
    ),
    "a deadline in the year 1": (
        "PATCH",
        "/cases/{case}",
        {"version": "{version}", "deadline": "0001-01-01T00:00:00Z"},
        422,
        "deadline",
        "year",
    ),
    "a response deadline in the year 9999": (
        "POST",
        "/cases",
        {"subject": "Far", "response_deadline": "9999-12-31T23:59:59Z"},
        422,
        "response_deadline",
        "year",
    ),
    "a deadline without a time zone": (
        "PATCH",
        "/cases/{case}",
        {"version": "{version}", "deadline": "2031-01-01T00:00:00"},
        422,
        "deadline",
        "timezone",
    ),
    "an unknown user as responsible": (
        "PATCH",
        "/cases/{case}",
        {"version": "{version}", "responsible_id": 4711},
        422,
        "responsible_id",
        "there is none with the number 4711",
    ),
    "a login that nobody has": (
        "POST",
        "/cases",
        {"subject": "Whose?", "responsible": "nobody"},
        422,
        "responsible",
        "there is no responsible called 'nobody'",
    ),
    "a stale version": (
        "PATCH",
        "/cases/{case}",
        {"version": 4711, "priority": "high"},
        409,
        "",
        "read it again",
    ),
    "a move that there is not": (
        "POST",
        "/cases/{case}/state",
        {"version": "{version}", "state": "draft"},
        409,
        "",
        "it can become pending, done, cancelled",
    ),
    "a case merged into itself": (
        "POST",
        "/cases/{case}/merge",
        {"version": "{version}", "into": "{case}"},
        422,
        "into",
        "another case",
    ),
    "a calendar that never opens": (
        "POST",
        "/calendars",
        {"name": "Never", "hours": [[], [], [], [], [], [], []]},
        422,
        "hours",
        "give working hours on one weekday at least",
    ),
    "a country that there is not": (
        "POST",
        "/calendars",
        {"name": "Nowhere", "country": "XX"},
        422,
        "country",
        "write two letters such as DE",
    ),
    "a stand-in whom nobody knows": (
        "POST",
        "/users",
        {"login": "eve", "name": "Eve", "stand_in_id": 4711},
        422,
        "stand_in_id",
        "there is no user 4711",
    ),
    "a partner in an unknown category": (
        "POST",
        "/partners",
        {"name": "Blue", "category_ids": [4711]},
        422,
        "category_ids",
        "there is no partner category 4711",
    ),
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_bad_input_gets_the_field_and_what_to_do(there: There, what: str) -> None:
    method, path, body, status, field, words = BAD[what]
    before = there.everything()
    answer = there.ask(method, _filled(path, there), _filled(body, there))
    said = answer.json()
    assert (answer.status_code, said.get("field", "")) == (status, field), said
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert words in said["detail"], said
    assert len(said["detail"]) > len(field) + 10
    assert there.everything() == before


def _filled(given: Any, there: There) -> Any:
    """With the numbers that are known only once all is there."""
    if isinstance(given, dict):
        return {key: _filled(value, there) for key, value in given.items()}
    if isinstance(given, list):
        return [_filled(value, there) for value in given]
    if not isinstance(given, str) or "{" not in given or "{{" in given or "{%" in given:
        return given
    filled = given.format(**vars(there))
    return int(filled) if given.startswith("{") else filled
