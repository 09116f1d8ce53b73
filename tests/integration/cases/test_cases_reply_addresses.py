"""M4: addresses whose token names the case, and the keys that sign them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from integration.cases.letters import (
    ANN,
    BOB,
    CARL,
    EVE,
    MALLORY,
    WIM,
    full_case,
    prepare,
    proof,
    recipients,
    token_of,
    we_wrote,
)

from services.cases import reply_keys
from services.cases.__main__ import main
from services.cases.model.reply_token import ReplyToken, make_token, read_token
from services.runtime.database import Database, open_database
from services.runtime.migration import migrate_database
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from conftest import Desk


def said_by(desk: Desk, token: str) -> ReplyToken | None:
    with desk.database.read() as connection:
        return read_token(reply_keys.all_keys(connection), token)


def test_M4_a_mail_asks_for_answers_to_a_signed_address_where_the_section_wants(
    desk: Desk,
) -> None:
    number = full_case(desk)
    assert we_wrote(desk, number, ANN).data.reply_to is None
    prepare(desk)
    reply_to = we_wrote(desk, number, ANN).data.reply_to
    assert reply_to is not None and reply_to.name == "Support"
    assert reply_to.address.startswith(f"support+{number}p")
    assert reply_to.address.endswith("@ours.example")


@pytest.mark.parametrize(
    ("addresses", "side"),
    [
        ([ANN], "partner"),
        ([ANN, CARL], "partner"),
        ([EVE], "staff"),
        ([EVE, BOB, WIM], "staff"),
        ([EVE, ANN], "partner"),
        ([MALLORY], "partner"),
    ],
)
def test_M4_the_token_names_the_side_it_was_written_to(
    desk: Desk, addresses: list[str], side: str
) -> None:
    prepare(desk)
    number = full_case(desk)
    token = said_by(desk, token_of(we_wrote(desk, number, *addresses)))
    assert token is not None and (token.case_number, token.side) == (number, side)


def test_M4_an_address_too_long_for_a_token_stays_as_it_is(desk: Desk) -> None:
    prepare(desk, reply_address=f"{'s' * 50}@ours.example")
    assert we_wrote(desk, full_case(desk), ANN).data.reply_to is None


def test_M6_M7_answers_to_signed_addresses_go_the_whole_way_without_references(
    desk: Desk,
) -> None:
    prepare(desk, close_on_partner_answer=False)
    number = full_case(desk)
    for_eve = token_of(we_wrote(desk, number, EVE))
    desk.mail(EVE, "Without number", text="Use water.", reply_token=for_eve.upper())
    assert desk.case(number).state == "done"
    to_ann = next(mail for mail in desk.mails() if ANN in recipients(mail))
    desk.mail(ANN, "Without number", text="It still burns.", reply_token=token_of(to_ann))
    case = desk.case(number)
    assert (case.state, [one.verified for one in case.messages]) == ("open", [True, True])
    assert any(EVE in recipients(mail) for mail in desk.mails())


def test_M4_a_token_of_a_merged_case_leads_to_where_it_went(desk: Desk) -> None:
    prepare(desk, close_on_partner_answer=False)
    gone, stays = full_case(desk), full_case(desk)
    carried = proof(desk, gone, ANN, "token")
    versions = {"version": desk.case(gone).version, "into_version": desk.case(stays).version}
    desk.command("merge_case", number=gone, into=stays, **versions)
    desk.mail(ANN, "Without number", text="More.", **carried)
    entry = desk.case(stays).messages[-1]
    assert (entry.text, entry.verified) == ("More.", True)


def test_M4_an_answer_to_what_was_split_off_goes_there_whatever_its_token(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    desk.mail(ANN, "The lamp", text="It flickers.", case_number=number)
    passed_on = next(mail for mail in desk.mails() if EVE in recipients(mail))
    given = {"number": number, "version": desk.case(number).version, "message_number": 1}
    new = desk.command("split_case", **given)["number"]
    answered = {"reply_token": token_of(passed_on), "in_reply_to": (passed_on.data.message_id,)}
    desk.mail(EVE, "The lamp", text="Turn it off.", **answered)
    assert desk.case(new).messages[-1].text == "Turn it off."
    assert desk.case(new).messages[-1].direction == "out"


def test_M4_a_token_of_another_case_proves_nothing(desk: Desk) -> None:
    prepare(desk)
    number, other = full_case(desk), full_case(desk)
    lamp = desk.mail(ANN, "The lamp", text="It flickers.", case_number=number)
    given = {"number": number, "version": desk.case(number).version, "message_number": 1}
    new = desk.command("split_case", **given)["number"]
    carried = proof(desk, other, EVE, "token")
    desk.mail(EVE, "The lamp", text="Forged?", in_reply_to=(lamp.data.message_id,), **carried)
    entry = desk.case(new).messages[-1]
    assert (entry.text, entry.kind, entry.verified) == ("Forged?", "note", False)


def test_M4_the_token_goes_before_the_number(desk: Desk) -> None:
    prepare(desk)
    number, other = full_case(desk), full_case(desk)
    carried = proof(desk, number, ANN, "token")
    desk.mail(ANN, f"[{other}] Printer", text="Here.", case_number=other, **carried)
    assert (len(desk.case(number).messages), len(desk.case(other).messages)) == (1, 0)


def test_M4_a_token_that_is_not_ours_says_nothing(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    for token in (make_token("33" * 32, number, "partner"), "billing", f"{number}p", "x" * 60):
        desk.mail(MALLORY, "Printer", reply_token=token)
    assert len(desk.case(number).messages) == 0


def test_M4_after_a_rotation_the_newest_key_signs_and_all_verify(desk: Desk) -> None:
    prepare(desk)
    number = full_case(desk)
    old = token_of(we_wrote(desk, number, ANN))
    with desk.database.write() as connection:
        reply_keys.new_key(connection)
    new = token_of(we_wrote(desk, number, ANN))
    assert old != new
    assert said_by(desk, old) == said_by(desk, new) == ReplyToken(number, "partner")


def test_M4_processes_that_need_the_first_key_at_once_get_the_same(database: Database) -> None:
    migrate_database(database, "cases")

    def ask(_process: int) -> str:
        own = Database(database.url, database.schema)
        try:
            with own.write() as connection:
                return reply_keys.signing_key(connection)
        finally:
            own.close()

    with ThreadPoolExecutor(4) as processes:
        keys = set(processes.map(ask, range(12)))
    with database.read() as connection:
        assert [*keys] == reply_keys.all_keys(connection)


def test_M4_a_command_makes_a_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEWIRE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["migrate"]) == main(["new_reply_key"]) == main(["new_reply_key"]) == 0
    database = open_database(Settings.load(), "cases")
    with database.read() as connection:
        keys = reply_keys.all_keys(connection)
    database.close()
    assert len(set(keys)) == 2
    shown = capsys.readouterr().out
    assert "older ones go on working" in shown and not any(key in shown for key in keys)
