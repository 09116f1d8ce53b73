"""Operators find each mail, see what became of it and why, and decide about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, update

from services.contracts.envelope import Actor
from services.contracts.errors import InvalidRequest, NotFound
from services.contracts.filing import FiledData, Filing, MailFiled
from services.contracts.mail_lists import MailQuestion, MailView
from services.mailgw import mail_list
from services.mailgw.actions import process_stored_mails as module
from services.mailgw.actions.act_on_mail import act_on_mail
from services.mailgw.actions.note_filings import note_filings
from services.mailgw.actions.store_mail import store_mails
from services.mailgw.incoming import pipeline
from services.mailgw.model.mail import Mail
from services.mailgw.model.verdict import Verdict
from services.mailgw.tables import raw_mails
from services.messaging.transaction import Transactions
from services.runtime.clock import now
from services.runtime.identity import new_id

Told = Callable[[], list[tuple[str, dict[str, Any]]]]
Processed = Callable[[], int]
ANN = Actor(kind="user", id=2, name="Anna Berger")
UNREADABLE = b"Subject: Nobody wrote this\r\nMessage-ID: <odd@blue.example>\r\n\r\nboo\r\n"


def mail(subject: str, sender: str = "ann@blue.example", extra: str = "") -> bytes:
    return f"From: {sender}\r\n{extra}Subject: {subject}\r\n\r\nIt is broken.\r\n".encode()


def filed(mail_id: str, how: Filing, case: int | None, **more: Any) -> MailFiled:
    at = more.pop("at", now())
    data = FiledData(mail_id=mail_id, how=how, why=f"because {how}", case_number=case, **more)
    return MailFiled(id=new_id(), occurred_at=at, case_id=case, data=data)


def listed(transactions: Transactions, **asked: Any) -> list[str]:
    with transactions.database.read() as connection:
        answer = mail_list.page(connection, MailQuestion(**asked))
    return [item["subject"] for item in answer["items"]]


def view(transactions: Transactions, mail_id: str) -> MailView:
    with transactions.database.read() as connection:
        return mail_list.view(connection, mail_id)


def test_M11_a_mail_shows_who_wrote_what_and_the_walk_through_the_filters(
    transactions: Transactions, process_all: Processed
) -> None:
    (one,) = store_mails(
        transactions, "sales", [mail("Re: [101] Printer", extra="Message-ID: <a@b>\r\n")]
    ).ids
    assert view(transactions, one).status == "stored"
    process_all()
    found = view(transactions, one)
    assert (found.status, found.sender, found.subject) == (
        "filed",
        "ann@blue.example",
        "Re: [101] Printer",
    )
    assert (found.message_id, found.account, found.filed) == ("<a@b>", "sales", None)
    assert [one.filter for one in found.verdicts] == [f.__name__ for f in pipeline.FILTERS]
    number = next(one for one in found.verdicts if one.filter == "has_case_number")
    assert (number.outcome, number.why) == ("yes", "[101]")


def test_M11_the_headers_of_an_unreadable_mail_are_shown_as_far_as_they_go(
    transactions: Transactions, process_all: Processed
) -> None:
    (one,) = store_mails(transactions, "pipe", [UNREADABLE]).ids
    process_all()
    found = view(transactions, one)
    assert (found.status, found.subject, found.message_id) == (
        "quarantined",
        "Nobody wrote this",
        "<odd@blue.example>",
    )
    assert "sender" in found.why and found.may == ("again",)
    assert listed(transactions, q="nobody") == ["Nobody wrote this"]


def test_M4_where_a_mail_was_put_is_kept_in_whatever_order_it_is_told(
    transactions: Transactions, process_all: Processed
) -> None:
    one, two = store_mails(transactions, "pipe", [mail("one"), mail("two")]).ids
    process_all()
    late, early = now(), now() - timedelta(minutes=1)
    newer = filed(one, "new", 101, message_number=1, at=late)
    older = filed(one, "aside", None, at=early)
    note_filings(transactions, [newer, filed(two, "thread", 101), filed("unknown", "new", 9)])
    for messages in ([older], [newer], [filed(one, "again", 101)]):
        note_filings(transactions, messages)
    found = view(transactions, one)
    assert (found.filed, found.filed_why, found.case_number, found.message_number) == (
        "new",
        "because new",
        101,
        1,
    )
    assert listed(transactions, case_number=101) == ["two", "one"]
    assert listed(transactions, case_number=101, message_number=1) == ["one"]


def test_M4_the_place_of_a_mail_does_not_depend_on_the_order_of_what_is_told(
    transactions: Transactions, process_all: Processed
) -> None:
    ids = store_mails(transactions, "pipe", [mail(f"{number}") for number in range(24)]).ids
    process_all()
    begin = now()
    for mail_id, order in zip(ids, permutations(range(4)), strict=True):
        told = [
            filed(mail_id, "aside", None, at=begin),
            filed(mail_id, "again", 7, at=begin + timedelta(seconds=1)),
            filed(mail_id, "new", 101, at=begin + timedelta(seconds=2)),
            filed(mail_id, "again", 101, at=begin + timedelta(seconds=3)),
        ]
        for number in order:
            note_filings(transactions, [told[number]])
        note_filings(transactions, told)
    places = {(view(transactions, one).filed, view(transactions, one).case_number) for one in ids}
    assert places == {("new", 101)}


def test_M4_a_mail_that_came_before_leads_to_its_case(
    transactions: Transactions, process_all: Processed
) -> None:
    (one,) = store_mails(transactions, "pipe", [mail("one")]).ids
    process_all()
    note_filings(transactions, [filed(one, "again", 101)])
    assert (view(transactions, one).filed, view(transactions, one).case_number) == ("again", 101)


def test_M11_mails_are_found_by_words_account_state_and_case(
    transactions: Transactions, process_all: Processed
) -> None:
    ids = store_mails(
        transactions,
        "sales",
        [mail("Drucker für Zürich"), mail("Broken printer", "bob@red.example")],
    ).ids
    store_mails(transactions, "support", [mail("Printer again"), UNREADABLE])
    process_all()
    note_filings(transactions, [filed(ids[1], "aside", None)])
    assert listed(transactions, q="PRINT") == ["Printer again", "Broken printer"]
    assert listed(transactions, q="zurich drucker") == ["Drucker für Zürich"]
    assert listed(transactions, q="bob@red.example") == ["Broken printer"]
    assert listed(transactions, q="@red.ex") == ["Broken printer"]
    assert listed(transactions, q="red") == ["Broken printer"]
    assert listed(transactions, q="rinter") == []
    assert listed(transactions, account="support", q="printer") == ["Printer again"]
    assert listed(transactions, status="aside") == ["Broken printer"]
    assert listed(transactions, status="filed", account="sales") == ["Drucker für Zürich"]
    assert listed(transactions, status="quarantined", account="sales") == []
    assert listed(transactions, status="quarantined") == ["Nobody wrote this"]
    with pytest.raises(InvalidRequest, match="at most 10 words"):
        listed(transactions, q=" ".join("abcdefghijk"))


def test_M11_the_list_goes_on_by_key_also_among_old_mails_found_by_the_index(
    transactions: Transactions, process_all: Processed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_list, "WINDOW", 3)
    subjects = [f"{'printer' if number % 3 else 'needle'} {number}" for number in range(20)]
    for subject in subjects:
        store_mails(transactions, "pipe", [mail(subject)])
    process_all()
    cursor, found = None, []
    while True:
        with transactions.database.read() as connection:
            answer = mail_list.page(
                connection, MailQuestion(q="needle", cursor=cursor, limit=2, status="filed")
            )
        found += [item["subject"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert found == [one for one in reversed(subjects) if one.startswith("needle")]


def test_M11_an_unreadable_mail_is_tried_again_and_it_is_kept_who_did_so(
    transactions: Transactions,
    process_all: Processed,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (one,) = store_mails(transactions, "pipe", [mail("Printer")]).ids
    with monkeypatch.context() as patched:
        patched.setattr(module, "MOST_ATTEMPTS", 0)
        process_all()
    assert view(transactions, one).may == ("again",)
    act_on_mail(transactions, one, "again", ANN)
    with pytest.raises(InvalidRequest, match="not in quarantine"):
        act_on_mail(transactions, one, "again", ANN)
    process_all()
    found = view(transactions, one)
    assert (found.status, found.attempts, found.subject) == ("filed", 1, "Printer")
    assert [(act.act, act.user_name) for act in found.acts] == [("again", "Anna Berger")]
    assert [kind for kind, _ in told()] == ["mail.quarantined", "mail.received"]
    with pytest.raises(NotFound):
        act_on_mail(transactions, "none", "again", ANN)


def test_M10_what_a_filter_holds_back_as_spam_is_let_in_by_hand(
    transactions: Transactions,
    process_all: Processed,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_advertising(mail: Mail) -> Verdict:
        spam = "Buy" in mail.subject
        return Verdict("is_advertising", "yes" if spam else "no", "it wants money", spam=spam)

    monkeypatch.setattr(pipeline, "FILTERS", (*pipeline.FILTERS, is_advertising))
    (one,) = store_mails(transactions, "pipe", [mail("Buy now")]).ids
    process_all()
    held = view(transactions, one)
    assert (held.status, held.why, held.may) == ("quarantined", "it wants money", ("let_in",))
    act_on_mail(transactions, one, "let_in", ANN)
    process_all()
    assert view(transactions, one).status == "filed"
    kinds = [kind for kind, _ in told()]
    assert kinds == ["mail.quarantined", "mail.received"]
    assert told()[-1][1]["data"]["forced"] is False


def test_M10_what_was_set_aside_is_made_a_case_by_hand_and_an_old_word_does_not_undo_it(
    transactions: Transactions, process_all: Processed, told: Told
) -> None:
    (one,) = store_mails(transactions, "pipe", [mail("Out of office")]).ids
    process_all()
    aside = filed(one, "aside", None)
    note_filings(transactions, [aside])
    assert (view(transactions, one).status, view(transactions, one).may) == (
        "aside",
        ("make_case",),
    )
    act_on_mail(transactions, one, "make_case", ANN)
    note_filings(transactions, [aside])
    process_all()
    assert view(transactions, one).status == "filed"
    assert [body["data"]["forced"] for _, body in told()] == [False, True]
    note_filings(transactions, [filed(one, "new", 101)])
    found = view(transactions, one)
    assert (found.filed, found.case_number, found.may) == ("new", 101, ())


def test_M11_the_bytes_of_a_mail_are_read_piece_by_piece(transactions: Transactions) -> None:
    raw = mail("Printer") + bytes(range(256)) * 10
    (one,) = store_mails(transactions, "pipe", [raw]).ids
    with transactions.database.read() as connection:
        pieces = [mail_list.piece(connection, one, offset, 1000) for offset in (0, 1000, 2000)]
        assert b"".join(pieces) == raw
        assert mail_list.piece(connection, one, 10_000, 1000) == b""
        with pytest.raises(NotFound):
            mail_list.piece(connection, "none", 0, 10)


def test_M11_mails_of_an_earlier_release_are_listed_too(
    transactions: Transactions, process_all: Processed
) -> None:
    (one,) = store_mails(transactions, "pipe", [mail("Printer")]).ids
    process_all()
    nothing = dict.fromkeys(("message_id", "sender", "subject", "words"))
    with transactions.database.write() as connection:
        connection.execute(update(raw_mails).values(nothing))
    assert listed(transactions) == [None]
    assert listed(transactions, q="printer") == []
    with transactions.database.read() as connection:
        assert connection.scalar(select(raw_mails.c.id)) == one
