"""The full-text search of subject, partner, contact, tags and discussion (issue 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.cases.model.words import MOST_WORDS_ASKED
from services.cases.search.writing import MOST_BYTES
from services.contracts.errors import InvalidRequest

if TYPE_CHECKING:
    from conftest import Desk

ANN = "ann@blue.example"


def opened(desk: Desk, subject: str, **fields: Any) -> int:
    return int(desk.command("create_case", fields={"subject": subject, **fields})["number"])


def found(desk: Desk, q: str, **question: Any) -> list[int]:
    return [one["number"] for one in desk.listed(q=q, **question)]


def test_K3_search_finds_every_part_of_a_case(desk: Desk) -> None:
    contacts = [{"address": ANN, "name": "Ann Azure"}]
    desk.command("save_partner", fields={"name": "Blue Müller GmbH", "contacts": contacts})
    number = opened(
        desk,
        "Printer burns",
        contact_address=ANN,
        tags=["paper jam"],
        description="hidden in the text",
    )
    desk.command("add_message", number=number, text="Use a *bucket* of water")
    opened(desk, "Something else")
    for q in ("printer", "müller", "azure", ANN, "jam", "hidden", "bucket", "burns jam bucket"):
        assert found(desk, q) == [number], q


def test_K3_all_words_must_be_found_and_their_beginnings_count(desk: Desk) -> None:
    first, second = opened(desk, "Printer on fire"), opened(desk, "Printing office")
    assert found(desk, "print") == [second, first]
    assert found(desk, "PRIN fir") == [first]
    assert found(desk, "printer office") == []
    assert found(desk, "inter") == [], "the middle of a word is no beginning"


def test_K3_accents_case_and_ligatures_are_folded(desk: Desk) -> None:
    number = opened(desk, "Größe Łódź CAFÉ œuvre Ελλάδα")
    for q in ("grosse", "GRÖSSE", "lodz", "cafe", "café", "oeuvre", "ελλαδα"):
        assert found(desk, q) == [number], q


def test_K3_words_in_quotes_must_follow_each_other(desk: Desk) -> None:
    first, second = opened(desk, "paper jam again"), opened(desk, "jam on paper")
    assert found(desk, '"paper jam"') == [first]
    assert found(desk, "paper jam") == [second, first]
    assert found(desk, '"pap"') == [], "what stands in quotes is a whole word"
    assert found(desk, '"jam on') == [second], "an open quote ends with the question"


def test_K3_a_number_is_the_case_and_in_quotes_a_word(desk: Desk) -> None:
    first, second = opened(desk, "About invoice 101"), opened(desk, "Room 101 and 4711")
    assert found(desk, "101") == found(desk, "[101]") == found(desk, " #101 ") == [first]
    assert found(desk, '"101"') == [second, first]
    assert found(desk, "4711") == [second], "where there is no such case it is a word"


def test_K3_what_changes_is_found_anew_and_no_more_as_it_was(desk: Desk) -> None:
    number = opened(desk, "Printer burns", description="First text", tags=["hot"])
    desk.command("add_message", number=number, kind="note", text="discussed")
    version = desk.case(number).version
    fields = {"subject": "Scanner", "tags": ["cold"]}
    desk.command("change_case", number=number, version=version, fields=fields)
    assert found(desk, "printer") == found(desk, "hot") == []
    assert found(desk, "scanner cold discussed first") == [number]
    fields = {"description": "Second text"}
    desk.command("change_case", number=number, version=version + 1, fields=fields)
    assert found(desk, "first") == []
    assert found(desk, "scanner second discussed") == [number]


def test_K3_the_mails_of_a_case_are_found(desk: Desk) -> None:
    case = desk.new_case(text="It burns brightly")
    subject = f"Re: [{case.number}] Printer is on fire"
    desk.mail(ANN, subject, case_number=case.number, text="Smoke now")
    assert found(desk, "brightly smoke") == [case.number]


@pytest.mark.parametrize("sort", ["newest", "oldest", "last_action", "deadline", "priority"])
def test_K3_a_search_has_every_order_and_filter_and_pages(desk: Desk, sort: str) -> None:
    for n in range(5):
        opened(desk, f"Topic {n}", tags=["even" if n % 2 == 0 else "odd"])
    wanted = [one["number"] for one in desk.listed(sort=sort, tag="even")]
    assert found(desk, "topic", sort=sort, tag="even") == wanted
    page = desk.page(q="topic", sort=sort, tag="even", limit=2)
    rest = desk.page(q="topic", sort=sort, tag="even", limit=2, cursor=page["next"])
    paged = [one["number"] for one in (*page["items"], *rest["items"])]
    assert (paged, rest["next"]) == (wanted, None)


def test_K3_a_rare_word_is_found_far_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cases.lists_on_postgresql.NEAR", 3)
    old, older = opened(desk, "needle"), opened(desk, "needles", priority="high")
    for _ in range(5):
        opened(desk, "hay")
    assert found(desk, "needle") == [older, old]
    assert found(desk, "needle", sort="oldest", limit=1) == [old]
    assert found(desk, "needle", sort="priority") == [older, old]
    assert len(found(desk, "hay", limit=2)) == 2


def test_K3_a_frequent_word_beside_a_rare_one_narrows_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL asks its index for the rare one only."""
    monkeypatch.setattr("services.cases.lists_on_postgresql.NEAR", 1)
    monkeypatch.setattr("services.cases.lists_on_postgresql.FREQUENT", 2)
    both, _ = opened(desk, "a needle in hay"), opened(desk, "a needle in a drawer")
    for _ in range(4):
        opened(desk, "hay and straw")
    assert found(desk, "needle hay") == found(desk, "hay needle", sort="priority") == [both]
    assert len(found(desk, "hay straw")) == 4


@pytest.mark.parametrize("q", ["%", "***", "'", '"', '""', "()", "- : ^ &", "\x00"])
def test_K3_signs_alone_find_nothing(desk: Desk, q: str) -> None:
    opened(desk, "100% sure_thing")
    assert found(desk, q) == []


def test_K3_no_question_is_no_filter(desk: Desk) -> None:
    number = opened(desk, "Anything")
    assert found(desk, "") == found(desk, "  ") == [number]


def test_K3_too_long_a_search_says_so(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="q: search for at most 20 words"):
        found(desk, " ".join(f"word{n}" for n in range(MOST_WORDS_ASKED + 1)))
    with pytest.raises(InvalidRequest, match="q: search for at most 500 characters"):
        found(desk, "x" * 501)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60) | st.sampled_from(["NEAR(a b)", "a AND", "head:a", "a*b", "a:*&!"]))
def test_K3_whatever_somebody_types_is_an_answer(desk: Desk, q: str) -> None:
    assert isinstance(desk.listed(q=q), list)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_K3_a_case_is_found_by_its_own_words(desk: Desk, subject: str) -> None:
    from services.cases.model.words import words_of

    words = words_of(subject, 400)[:20]
    if not words:
        return
    number = opened(desk, f"marker {subject}")
    assert number in found(desk, " ".join(["marker", *words[:19]])[:500], limit=200)


def test_K3_a_flood_of_words_is_kept_within_bounds(desk: Desk) -> None:
    number = opened(desk, "Flood")
    for part in range(6):
        flood = " ".join(f"{part}w{n:x}" for n in range(30_000))
        desk.command("add_message", number=number, kind="note", text=flood)
    desk.command("add_message", number=number, kind="note", text="last")
    assert found(desk, "flood 0w1") == [number]
    size = "size" if desk.database.url.startswith("postgresql") else "length(discussion)"
    with desk.database.read() as connection:
        kept = connection.scalar(text(f"SELECT {size} FROM case_search"))
    assert kept is not None and 100_000 < kept <= MOST_BYTES["discussion"]
