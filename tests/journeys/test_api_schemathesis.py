"""O3: no request, right or wrong, breaks the API, and none tells what its user may not see.

`API_FUZZ_SECONDS=900 API_FUZZ_SEED=7` for a long run by hand.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from support.api_fuzz import Found, Fuzz, harmless
from support.system import RunningSystem
from support.two_teams import MARKS, TwoTeams, two_teams

LONG = int(os.environ.get("API_FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("API_FUZZ_SEED", "1"))
PHASES = ("examples", "coverage", "fuzzing", "stateful") if LONG else ("fuzzing",)
EXAMPLES = 50 if LONG else 2
pytestmark = pytest.mark.timeout(180 + LONG)
ASKED_WITH: dict[str, tuple[dict[str, str], ...]] = {
    "listEvents": ({"begin": "2026-11-01T00:00:00Z", "end": "2026-12-31T00:00:00Z"},),
    "listHolidays": ({"country": "DE", "year": "2026"},),
    "listCases": ({}, {"q": "old"}, {"kind": "visit"}, {"state": "cancelled"}, {"sort": "oldest"}),
    "getReport": ({}, {"by": "custom.room"}, {"by": "kind,partner,user"}, {"format": "csv"}),
    "listQualityActions": ({}, {"done": "true"}),
    "listOutgoingMails": ({}, {"status": "failed"}),
}


@pytest.fixture(scope="module")
def teams(own_broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoTeams]:
    system = RunningSystem(tmp_path_factory.mktemp("fuzz") / "home", own_broker)
    with system.running():
        yield two_teams(system)


def document(teams: TwoTeams) -> dict[str, Any]:
    return dict(teams.admin.get("/openapi.json"))


def places(teams: TwoTeams, path: str) -> Iterator[str]:
    """The path with every real thing in its places."""
    ids = [str(number) for number in range(1, 4)]
    real = {
        "number": [str(number) for number in (*teams.hidden, *teams.shown)],
        "other": [str(number) for number in teams.hidden],
        "message": ["1", "2", "3"],
        "index": ["0"],
        "mail_id": teams.mails,
        "code": ["visit", "helpdesk"],
        "direction": ["incoming", "outgoing"],
        "name": ["north"],
    }
    names = re.findall(r"\{(\w+)\}", path)
    for values in itertools.product(*(real.get(name, ids) for name in names)):
        filled = path
        for name, value in zip(names, values, strict=True):
            filled = filled.replace(f"{{{name}}}", value)
        yield filled


def walk(teams: TwoTeams, token: str) -> dict[str, str]:
    """Every GET of the document with every real thing: what was answered, by its address."""
    session, answers = requests.Session(), {}
    session.headers["Authorization"] = f"Bearer {token}"
    for path, methods in document(teams)["paths"].items():
        if "get" not in methods:
            continue
        for query in ASKED_WITH.get(methods["get"]["operationId"], ({},)):
            for filled in places(teams, path):
                answer = session.get(teams.system.web + filled, params=query, timeout=30)
                assert answer.status_code < 500, (filled, answer.text)
                answers[f"{filled} {query}"] = answer.text + str(answer.headers)
    return answers


def told(answers: dict[str, str]) -> set[tuple[str, str]]:
    return {(address, mark) for address, text in answers.items() for mark in MARKS if mark in text}


def test_O3_the_walk_finds_every_secret_as_the_administrator(teams: TwoTeams) -> None:
    """So that the next test, which finds none, has looked everywhere."""
    token = teams.admin._session.headers["Authorization"].split()[1]
    found = {mark for _, mark in told(walk(teams, str(token)))}
    assert found == set(MARKS)


@pytest.mark.parametrize("role", ["agent", "manager", "read-only"])
def test_O3_no_answer_tells_another_sections_secret(teams: TwoTeams, role: str) -> None:
    answers = walk(teams, teams.token(f"south-{role}"))
    assert len(answers) > 100
    assert told(answers) == set()


def check(found: Found, operations: int) -> None:
    assert not found.wrong, "\n\n".join(f"{what}\n{how}" for what, how in found.wrong.items())
    asked = {label.rpartition(" ")[0] for label in found.answered}
    assert len(asked) == operations, f"only {len(asked)} of {operations} operations were asked"
    assert found.statuses[200] and found.statuses[422]


def test_O3_no_request_of_a_restricted_agent_breaks_the_api_or_tells_a_secret(
    teams: TwoTeams,
) -> None:
    """Before the administrator's run, which copies what it has seen into what all may see."""
    paths = document(teams)["paths"].values()
    fuzz = Fuzz(
        teams.system.web,
        teams.token("south-agent"),
        SEED + 1,
        EXAMPLES,
        LONG // 3,
        phases=PHASES,
        marks=MARKS,
        without=("revokeOwnToken",),
    )
    found = fuzz.run()
    assert not found.words
    check(found, sum(map(len, paths)) - 1)


def test_O3_a_token_ends_itself_as_documented(teams: TwoTeams) -> None:
    """On its own: after its first request nobody could say anything with that token."""
    fuzz = Fuzz(teams.system.web, teams.token("south-agent"), SEED, 3, only=("revokeOwnToken",))
    found = fuzz.run()
    assert not found.wrong
    assert found.statuses[204] == 1 and found.statuses[401]


def test_O3_no_request_of_an_administrator_breaks_the_api(teams: TwoTeams) -> None:
    """The last: by now anybody may have another name, role or password."""
    paths = document(teams)["paths"].values()
    token = str(teams.admin._session.headers["Authorization"]).split()[1]
    fuzz = Fuzz(
        teams.system.web,
        token,
        SEED,
        EXAMPLES,
        LONG * 2 // 3,
        phases=PHASES,
        prepare=harmless(own_id=1, other_id=2),
        without=("revokeOwnToken",),
    )
    check(fuzz.run(), sum(map(len, paths)) - 1)
