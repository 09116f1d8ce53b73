"""K8: what the pages of cases tell in German and French, and what their scripts are handed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import USERS, Answers, a_case, csrf_of, sign_in

from services.contracts.errors import IllegalMove, InvalidRequest
from services.web.pages.history_words import shown
from services.web.pages.refusal_words import refused_words, told_words
from services.web.pages.words import then_words, within
from services.web.translation import in_language

CONTACT = {"address": "maria@acme.example", "name": "Maria"}
MERGED = "case 104 was merged into case 90; go on with case 90"


@pytest.fixture
def app(web: tuple[APIFlask, Answers]) -> Iterator[APIFlask]:
    with web[0].app_context():
        yield web[0]


@pytest.fixture
def reader(client: FlaskClient, answers: Answers) -> Iterator[Any]:
    """Signed in; `reader(code)` lets him read in this language."""
    sign_in(client, name="admin")

    def speaks(code: str) -> FlaskClient:
        answers.by_method["get_user"] = {**USERS[1], "language": code}
        return client

    answers.by_method["get_case"] = a_case(contact=CONTACT, tags=["fire"])
    answers.by_method["list_cases"] = {"items": [a_case()], "next": None}
    yield speaks


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "de",
            [
                "offen lassen",
                "dann erledigen",
                "Geht an maria@acme.example; in Kopie: <span data-copies-count>0</span>.",
                'data-remove="{name} entfernen"',
                "{who} hat gerade geantwortet.",
                "Ändern: Verantwortlich",
            ],
        ),
        (
            "fr",
            [
                "Laisser ouvert",
                "puis terminer",
                "Part à maria@acme.example\u202f; en copie\xa0: ",
                'data-remove="Retirer {name}"',
                "{who} vient de répondre.",
                "Modifier\xa0: responsable",
            ],
        ),
    ],
)
def test_K8_the_page_of_a_case_and_its_scripts_speak_the_users_language(
    reader: Any, code: str, told: list[str]
) -> None:
    page = reader(code).get("/cases/101").text
    assert [words for words in told if words not in page] == []


def test_K8_what_a_hint_gives_as_an_example_is_no_markup(reader: Any) -> None:
    page = reader("de").get("/cases/101/edit").text
    assert "Einer pro Zeile: eine Adresse oder Name &lt;Adresse&gt;." in page
    assert "Wahrscheinlichkeit, %<" in page
    assert "Alle | Tage" not in page and 'cw-every-word">Alle </span>' in page


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("de", ["2 Fälle geändert.", "1 Fall war schon so.", "1 Fall ließ sich nicht ändern:"]),
        ("fr", ["2 dossiers modifiés.", "1 dossier était déjà ainsi.", "1 dossier n’a pu être"]),
        ("en", ["2 cases changed.", "1 case was like that already.", "1 case could not be"]),
    ],
)
def test_K8_what_became_of_ticked_cases_is_counted_in_each_language(
    reader: Any, answers: Answers, code: str, told: list[str]
) -> None:
    client = reader(code)
    refused = [{"number": 104, "why": f"number: {MERGED}"}]
    answers.by_method["change_cases"] = {
        **{"changed": [101, 102], "unchanged": [103], "refused": refused}
    }
    csrf = csrf_of(client.get("/cases").text)
    form = {"csrf_token": csrf, "number": ["101"], "then": "done"}
    page = client.post("/cases", data=form).text
    assert [words for words in told if words not in page] == []
    assert (MERGED in page) == (code == "en")


def test_words_of_cases_stand_within_sentences_as_each_language_writes_them(
    app: APIFlask,
) -> None:
    with in_language("de"):
        assert (within("Art"), then_words("done", "open")) == ("Art", "dann wieder öffnen")
        assert shown("links", ["followed_by 102", "related 7"], "UTC") == (
            "Gefolgt von 102, Gehört zu 7"
        )
    with in_language("fr"):
        assert (within("Nature"), then_words("draft", "open")) == ("nature", "puis ouvrir")
    assert (within("Kind"), then_words("open", "cancelled")) == ("kind", "then cancel")


def test_what_stands_in_the_way_is_told_without_the_field_that_everybody_sees(
    app: APIFlask,
) -> None:
    unnamed = InvalidRequest("version", "give the version that you read and changed")
    with in_language("de"):
        assert refused_words(unnamed).startswith("geben Sie die Version an")
        assert refused_words(IllegalMove("open", "draft", ["done", "pending"])) == told_words(
            "a open case cannot become draft; it can become done, pending"
        )
        assert told_words("state: must not be empty") == "Status: darf nicht leer sein"
        assert told_words("nothing: is known of it yet.") == "Nothing: is known of it yet."
    assert told_words("no field at all: so it stays") == "no field at all: so it stays"
