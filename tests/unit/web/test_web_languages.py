"""K8: pages speak the language of who reads; before he signs in, what his browser asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from unit.web.web_bench import USERS, Answers, sign_in

from services.contracts.cases import Attendee
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.web.access.sign_in_log import EVENTS
from services.web.pages.deadlines import left
from services.web.pages.meeting_words import attendance_text, span_text
from services.web.pages.moments import amount, day, exact, hours, relative, size
from services.web.pages.reason_words import not_done_words, reason_words
from services.web.pages.recurrence import UnfitStart, repeat_choices, rule_of, sentence
from services.web.pages.refusal_words import as_sentence, error_words, refusal_words
from services.web.pages.schema_words import type_of
from services.web.pages.sign_in_words import HAPPENED, program
from services.web.pages.spans import minutes_text
from services.web.pages.words import PRIORITIES, STATES, label, move_words
from services.web.translation import best_language, in_language, language

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def app(web: tuple[APIFlask, Answers]) -> Iterator[APIFlask]:
    with web[0].app_context():
        yield web[0]


def speaks(answers: Answers, code: str) -> None:
    """Let the administrator read in this language."""
    answers.by_method["get_user"] = {**USERS[1], "language": code}


@pytest.mark.parametrize(
    ("code", "lang", "heading"),
    [
        ("en", "en", "Sections"),
        ("de", "de", "Bereiche"),
        ("de-AT", "de", "Bereiche"),
        ("fr", "fr", "Sections"),
        ("pt-BR", "en", "Sections"),
    ],
)
def test_K8_a_page_speaks_the_users_language(
    client: FlaskClient, answers: Answers, code: str, lang: str, heading: str
) -> None:
    sign_in(client, name="admin")
    speaks(answers, code)
    page = client.get("/sections", headers={"Accept-Language": "ja"}).text
    assert f'<html lang="{lang}"' in page
    assert f"<h1>{heading}</h1>" in page


@pytest.mark.parametrize(
    ("asked", "lang"),
    [("de-CH,de;q=0.9,en;q=0.8", "de"), ("ja,fr;q=0.5", "fr"), ("ja", "en"), ("", "en")],
)
def test_K8_the_sign_in_page_speaks_what_the_browser_asks_for(
    client: FlaskClient, asked: str, lang: str
) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text
    assert f'<html lang="{lang}"' in page


def test_K8_programs_are_told_in_english_whatever_the_user_reads(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="admin")
    speaks(answers, "de")
    answer = client.get("/api/v1/nothing-here")
    assert answer.json is not None and answer.json["title"] == "Not Found"


def test_K8_what_a_form_lacks_is_told_in_the_users_language(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="admin")
    speaks(answers, "fr")
    page = client.get("/partners/new").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf is not None
    answer = client.post("/partners/new", data={"name": "", "csrf_token": csrf[1]})
    assert answer.status_code == 422
    assert "Ce champ est nécessaire." in answer.text


def test_K8_the_scripts_of_a_page_get_their_texts_in_its_language(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="admin")
    speaks(answers, "de")
    page = client.get("/sections").text
    given = re.search(r'data-words="([^"]*)"', page)
    assert given is not None
    words = json.loads(given[1].replace("&#34;", '"'))
    assert words["now"] == "gerade eben"
    assert words["steps"][2]["ago"] == {"one": "vor {n} Tag", "other": "vor {n} Tagen"}
    assert (words["left"], words["late"]) == ("in {span}", "{span} zu spät")


def test_moments_and_amounts_read_as_in_each_language(app: APIFlask) -> None:
    moments = [NOW - timedelta(days=1), NOW - timedelta(days=3), NOW + timedelta(hours=2)]
    told = {}
    for code in ("de", "fr"):
        with in_language(code):
            assert language() == code
            told[code] = [
                *(relative(one, NOW, UTC) for one in moments),
                exact(NOW, UTC),
                day(NOW.date()),
                amount(Decimal("1200.5"), "EUR"),
                hours(3.5),
                size(2_500_000),
                minutes_text(1500),
                left(NOW - timedelta(minutes=5), NOW),
            ]
    assert told["de"] == [
        "vor 1 Tag",
        "vor 3 Tagen",
        "in 2 Std.",
        "Mi., 25. Nov. 2026, 12:00",
        "25. Nov. 2026",
        "1.200,50 EUR",
        "3,5 Std.",
        "2,5 MB",
        "1 Tg. 1 Std.",
        "5 Min. zu spät",
    ]
    assert told["fr"] == [
        "il y a 1 j",
        "il y a 3 j",
        "dans 2 h",
        "mer. 25 nov. 2026, 12:00",
        "25 nov. 2026",
        "1\u202f200,50 EUR",
        "3,5 h",
        "2,5 Mo",
        "1 j 1 h",
        "5 min de retard",
    ]


def test_words_of_tables_read_in_the_language_of_the_moment(app: APIFlask) -> None:
    with in_language("de"):
        assert (STATES["done"], PRIORITIES["low"], label("stand_in_id")) == (
            "Erledigt",
            "Niedrig",
            "Vertretung",
        )
        assert (STATES["open"], move_words("draft", "open")) == ("Offen", "Öffnen")
    assert STATES["done"] == "Done"


def test_what_a_service_refuses_is_told_in_the_language_of_the_page(app: APIFlask) -> None:
    with in_language("de"):
        assert refusal_words("must not be empty") == "darf nicht leer sein"
        assert refusal_words("at most 200 characters") == "höchstens 200 Zeichen"
        assert (
            refusal_words("there is a section 'Support' already")
            == "einen Bereich 'Support' gibt es schon"
        )
        assert refusal_words("no table has this") == "no table has this"
        assert error_words(NotFound("case", 7)) == "es gibt nicht: Fall 7"
        stale = as_sentence(error_words(StaleVersion("rule", 3, 4)))
        assert stale.startswith("Regel: inzwischen geändert. Sie haben Version 3")
        assert error_words(InvalidRequest("subject", "must not be empty")) == (
            "Betreff: darf nicht leer sein"
        )
    assert error_words(NotFound("case", 7)) == "there is no case 7"


@pytest.mark.parametrize(
    ("code", "known"),
    [("de", "de"), ("DE_at", "de"), ("fr-CA", "fr"), ("english", None), ("", None)],
)
def test_a_code_finds_the_language_that_we_have(code: str, known: str | None) -> None:
    assert best_language(code) == known


def test_K2_why_a_rule_acted_is_told_in_the_language_of_the_page(app: APIFlask) -> None:
    because = "because its priority is high; it is 2 working hours (Office) after its creation"
    undone = "escalate: its section escalates to none; set one in the section; remind: no way"
    with in_language("de"):
        assert reason_words(because) == (
            "Grund: seine Priorität ist hoch; "
            "2 Arbeitsstunden (Office) seit seiner Eröffnung sind um"
        )
        assert reason_words("its partner is Golden; its serial is X") == (
            "sein Partner ist Golden; sein Feld serial ist X"
        )
        assert not_done_words(undone) == (
            "Eskalieren: sein Bereich eskaliert an keinen; geben Sie im Bereich einen an; "
            "Erinnern: no way"
        )
    assert reason_words(because) == because


@pytest.mark.parametrize(
    ("rule", "german", "french"),
    [
        ("FREQ=DAILY;COUNT=5", "Jeden Tag, 5-mal", "Tous les jours, 5 fois"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
            "Alle 2 Wochen am Montag und Mittwoch",
            "Toutes les 2 semaines le lundi et mercredi",
        ),
        ("FREQ=MONTHLY", "Jeden Monat am 25.", "Tous les mois le 25"),
        (
            "FREQ=MONTHLY;BYDAY=-1WE",
            "Jeden Monat am letzten Mittwoch",
            "Tous les mois le dernier mercredi",
        ),
        (
            "FREQ=YEARLY;UNTIL=20301231",
            "Jedes Jahr am 25. Nov., bis 31. Dez. 2030",
            "Tous les ans le 25 nov., jusqu’au 31 déc. 2030",
        ),
        ("FREQ=HOURLY", "Nach der Regel FREQ=HOURLY", "Selon la règle FREQ=HOURLY"),
    ],
)
def test_C1_a_series_reads_in_each_language(
    app: APIFlask, rule: str, german: str, french: str
) -> None:
    for code, told in (("de", german), ("fr", french)):
        with in_language(code):
            assert sentence(rule, NOW, "Europe/Berlin") == told


def test_C1_the_editor_of_a_series_speaks_the_language_of_the_page(app: APIFlask) -> None:
    fifth = datetime(2026, 11, 30, 9, tzinfo=UTC)
    with in_language("de"):
        assert dict(repeat_choices(None))["WEEKDAYS"] == "Montag bis Freitag"
        with pytest.raises(UnfitStart, match="fünften solchen Wochentag"):
            rule_of({"repeats": "MONTHLY_NTH"}, fifth, "UTC")


def test_C2_a_meeting_and_its_answers_read_in_each_language(app: APIFlask) -> None:
    ann = Attendee.model_validate(
        {
            "address": "ann@blue.example",
            "name": "Ann",
            "answer": "accepted",
            "single": [{"original": NOW, "answer": "declined", "answered_at": NOW}],
        }
    )
    with in_language("fr"):
        assert attendance_text(ann) == "Ann\xa0: accepté, décliné pour le 25 nov. 2026"
        assert span_text(NOW, NOW + timedelta(hours=12), UTC, all_day=True) == "mer. 25 nov. 2026"
    assert attendance_text(ann) == "Ann: accepted, declined for 25 Nov 2026"


def test_C3_the_script_of_the_calendar_gets_its_texts_in_the_language_of_the_page(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="admin")
    speaks(answers, "de")
    page = client.get("/calendar").text
    given = re.search(r'<div id="calendar" data-words="([^"]*)"', page)
    assert given is not None
    words = json.loads(given[1].replace("&#34;", '"'))
    assert words["buttons"]["week"] == "Woche" and words["behind"]["week"] == "Nächste Woche"
    assert words["more"] == {"one": "+{n} weiterer", "other": "+{n} weitere"}
    assert words["view"] == "Ansicht: $0"
    assert ">Firmenkalender</h1>" in page


def test_A1_the_record_of_sign_ins_reads_in_the_language_of_the_page(app: APIFlask) -> None:
    assert tuple(HAPPENED) == EVENTS
    with in_language("fr"):
        assert HAPPENED["wrong_code"] == "Code faux"
        assert program("Firefox on Linux") == "Firefox sous Linux"
        assert program("curl") == "curl"
    assert program("Firefox on Linux") == "Firefox on Linux"


def test_A1_what_is_wrong_with_a_password_is_told_in_the_language_of_the_page(
    client: FlaskClient, answers: Answers
) -> None:
    sign_in(client, name="admin")
    speaks(answers, "de")
    page = client.get("/me").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf is not None and "Mein Konto" in page
    given = {"password": "x", "new_password": "kurz", "repeated": "kurz", "csrf_token": csrf[1]}
    answer = client.post("/me/password", data=given)
    assert answer.status_code == 422
    assert "Dieses Passwort ist zu kurz; es braucht 10 Zeichen." in answer.text


def test_O3_the_reference_tells_types_in_the_language_of_the_page(app: APIFlask) -> None:
    schema = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 5}, {"type": "null"}]}
    with in_language("de"):
        assert type_of(schema) == "Text, nicht leer, höchstens 5 Zeichen oder null"
