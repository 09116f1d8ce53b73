"""The page of the report is cut by custom fields as well (K9)."""

from __future__ import annotations

from flask.testing import FlaskClient
from unit.web.web_bench import Answers, sign_in, token

ROW = {"custom": {"serial": "A-17"}, "custom_values": {"serial": "A-17"}, "count": 3, "closed": 1}
KIND = {
    "code": "repair",
    "name": "Repair",
    "fields": [{"code": "serial", "name": "Serial number"}],
}


def test_K9_a_report_by_a_custom_field_is_asked_and_shown(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method |= {"report": {"rows": [ROW], "as_of": 3}, "list_kinds": [KIND]}
    sign_in(client)
    page = client.get("/report?by=custom.serial&by=state&by=custom.%00")
    assert answers.last("report")["question"]["by"] == ["custom.serial", "state"]
    assert '<th scope="col">Serial number</th>' in page.text
    assert "A-17" in page.text
    assert 'value="custom.serial" selected' in page.text


def test_K9_a_program_cuts_a_report_by_a_custom_field(
    client: FlaskClient, answers: Answers
) -> None:
    answers.by_method["report"] = {"rows": [ROW], "as_of": 3}
    answer = client.get("/api/v1/reports?by=custom.serial,kind", headers=token(client, "tom"))
    assert answer.status_code == 200
    assert answers.last("report")["question"]["by"] == ["custom.serial", "kind"]
    assert answer.json is not None and answer.json["items"][0]["custom"] == {"serial": "A-17"}
    wrong = client.get("/api/v1/reports?by=custom.Serial", headers=token(client, "tom"))
    assert wrong.status_code == 422
