"""O3: lists of the API come page by page, each item once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from unit.web.web_bench import USERS, Answers, token

CHANGES = [
    {"what": "section", "key": "1", "version": number, "at": "2026-11-24T10:00:00Z"}
    for number in range(5, 0, -1)
]


def test_O3_pages_lead_on_until_all_is_shown(client: FlaskClient) -> None:
    tom = token(client, "tom")
    address, found = "/api/v1/users?limit=2", []
    while address:
        answer = client.get(address, headers=tom)
        assert answer.status_code == 200
        found += [user["id"] for user in answer.json["items"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next"] is None)
        address = link.partition(">")[0][1:] if link else ""
    assert found == sorted(USERS)


def test_O3_the_newest_change_comes_first_on_every_page(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["list_directory_history"] = CHANGES
    anna = token(client, "anna")
    first = client.get("/api/v1/sections/1/history?limit=3", headers=anna).json
    query = {"limit": 3, "cursor": first["next"]}
    second = client.get("/api/v1/sections/1/history", query_string=query, headers=anna).json
    versions = [one["version"] for one in first["items"] + second["items"]]
    assert (versions, second["next"]) == ([5, 4, 3, 2, 1], None)


@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "WyJhIl0", "WzEsMl0", "W3RydWVd", "W251bGxd", "é", "e30", "[1]", "W1tdXQ"],
)
def test_O3_a_cursor_that_is_none_is_refused(client: FlaskClient, cursor: str) -> None:
    for path in ("users", "sections", "saved-filters"):
        answer = client.get(
            f"/api/v1/{path}", query_string={"cursor": cursor}, headers=token(client, "tom")
        )
        assert (answer.status_code, answer.json["field"]) == (422, "cursor"), path
