"""Taking a person out of texts and messages."""

from __future__ import annotations

import pytest

from services.contracts.erasure import ERASED, NAME, Erasure, erased, is_his

ANN = Erasure(
    address="ann@blue.example",
    names=("Ann Blue", "An"),
    cases=frozenset({101}),
    stand_in="erased-1@erased.invalid",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail from ann@blue.example", "mail from erased-1@erased.invalid"),
        ("ANN@Blue.Example.", "erased-1@erased.invalid."),
        ("joann@blue.example", "joann@blue.example"),
        ("ann@blue.example.org", "ann@blue.example.org"),
        ("ann@blue.examples", "ann@blue.examples"),
        ("Ann Blue <ann@blue.example>", f"{NAME} <erased-1@erased.invalid>"),
        ("Ann Bluebird asked An", "Ann Bluebird asked An"),
    ],
)
def test_the_whole_address_and_whole_names_are_replaced(text: str, expected: str) -> None:
    assert ANN.without(text) == expected


def test_what_was_written_is_blanked_only_where_it_is_his() -> None:
    message = {
        "case_id": 102,
        "data": {"subject": "Hi", "text": "to ann@blue.example", "html": None, "attachments": [1]},
    }
    assert not is_his(message, ANN)
    kept = erased(message, ANN, written=False)
    assert kept["data"]["subject"] == "Hi"
    assert kept["data"]["text"] == "to erased-1@erased.invalid"
    assert is_his({**message, "case_id": 101}, ANN)
    gone = erased(message, ANN, written=True)["data"]
    assert gone == {"subject": ERASED, "text": ERASED, "html": None, "attachments": []}


def test_a_mail_is_his_by_its_sender_and_a_change_by_its_field() -> None:
    assert is_his({"data": {"sender": {"address": "Ann@blue.example"}}}, ANN)
    change = {"field": "description", "before": None, "after": "It burns"}
    assert erased([change], ANN, written=True) == [{**change, "after": ERASED}]
    number = {"field": "priority", "before": "low", "after": "high"}
    assert erased([number], ANN, written=True) == [number]
