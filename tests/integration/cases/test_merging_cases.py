"""Two cases become one, and all that was said on either goes on on one (decision 0009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.cases import side_tables
from services.contracts import rules
from services.contracts.errors import InvalidRequest, StaleVersion
from services.contracts.mail import MailBounced, MailOutcome, MailSent
from services.runtime.clock import now
from services.runtime.identity import new_id

if TYPE_CHECKING:
    from conftest import Desk

ANN, TOM, EVE = "ann@blue.example", "tom@red.example", "eve@ours.example"


def opened(desk: Desk, subject: str = "A case", **fields: Any) -> int:
    return int(desk.command("create_case", fields={"subject": subject, **fields})["number"])


def merged(desk: Desk, number: int, into: int) -> dict[str, Any]:
    version = desk.case(number).version
    return desk.command("merge_case", number=number, version=version, into=into)


def two(desk: Desk) -> tuple[int, int]:
    """One of Ann's that stays, one of Tom's that goes."""
    return opened(desk, contact_address=ANN), opened(desk, contact_address=TOM)


def test_K3_the_discussion_goes_on_on_the_case_that_stays(desk: Desk) -> None:
    stays, gone = two(desk)
    for number, text in ((gone, "first"), (stays, "second"), (gone, "third")):
        desk.command("add_message", number=number, text=text)
    merged(desk, gone, stays)
    view = desk.case(stays)
    assert [(m.text, m.from_case) for m in view.messages] == [
        ("first", gone),
        ("second", None),
        ("third", gone),
    ]
    assert len({m.number for m in view.messages}) == 3
    assert [m.text for m in desk.case(gone).messages] == ["first", "third"]
    desk.command("add_message", number=stays, text="fourth")
    assert desk.case(stays).messages[-1].number == 4


def test_K1_what_belongs_to_both_is_united(desk: Desk) -> None:
    stays = opened(desk, contact_address=ANN, tags=["a", "b"], watchers=[{"address": EVE}])
    gone = opened(
        desk, contact_address=TOM, tags=["b", "c"], watchers=[{"address": ANN}, {"address": EVE}]
    )
    for number, minutes in ((stays, 10), (gone, 5)):
        desk.command("add_message", number=number, kind="note", text="x", minutes_spent=minutes)
    after = merged(desk, gone, stays)
    assert (after["tags"], after["minutes_spent"]) == (["a", "b", "c"], 15)
    assert [(w["address"], w["side"]) for w in after["watchers"]] == [
        (EVE, "staff"),
        (TOM, "partner"),
    ]
    with desk.database.read() as connection:
        assert {one["count"] for one in side_tables.list_tags(connection)} == {1}


def test_K2_the_case_that_goes_is_closed_and_says_where_all_goes_on(desk: Desk) -> None:
    stays, gone = two(desk)
    done = int(desk.command("create_case", fields={"subject": "Done"}, state="done")["number"])
    merged(desk, gone, stays)
    merged(desk, done, stays)
    view = desk.case(gone)
    assert (view.state, view.merged_into, view.moves) == ("cancelled", stays, ())
    assert view.history[-1].reason == f"merged into case [{stays}]"
    assert desk.case(done).state == "done"
    assert desk.case(stays).merged == (gone, done)


def test_K2_the_case_that_stays_shows_both_histories_by_time(desk: Desk) -> None:
    stays, gone = two(desk)
    desk.command("add_message", number=gone, kind="note", text="x")
    merged(desk, gone, stays)
    history = desk.case(stays).history
    assert [entry.case_number for entry in history] == [None, gone, gone, gone, None]
    assert [entry.at for entry in history] == sorted(entry.at for entry in history)
    change = {c.field: c.after for c in history[-1].changes}
    assert change["merged"] == [gone]
    assert [entry.case_number for entry in desk.case(gone).history] == [None, None, None]


def test_K1_links_move_and_one_between_the_two_goes(desk: Desk) -> None:
    stays, gone = two(desk)
    other = opened(desk)
    desk.command("link_cases", number=gone, other=other, relation="follows")
    desk.command("link_cases", number=gone, other=stays, relation="duplicate_of")
    merged(desk, gone, stays)
    assert [(one.relation, one.number) for one in desk.case(stays).links] == [("follows", other)]
    assert [(one.relation, one.number) for one in desk.case(other).links] == [
        ("followed_by", stays)
    ]
    assert desk.case(gone).links == ()


def test_K7_quality_actions_move(desk: Desk) -> None:
    stays, gone = two(desk)
    desk.command("save_quality_action", number=gone, fields={"text": "Check the fuse"})
    merged(desk, gone, stays)
    assert [one.text for one in desk.case(stays).quality_actions] == ["Check the fuse"]
    assert desk.case(gone).quality_actions == ()


def test_M4_mails_to_the_merged_case_go_to_the_one_that_stays(desk: Desk) -> None:
    stays = desk.new_case(responsible=desk.eve).number
    desk.mail(TOM, "Fire here, too")
    gone = desk.latest()
    desk.command("add_message", number=gone, text="Which floor?")
    sent = next(mail for mail in desk.mails() if mail.case_id == gone)
    merged(desk, gone, stays)
    desk.mail(TOM, f"Re: [{gone}]", case_number=gone, in_reply_to=(sent.data.message_id,))
    by_number = desk.case(stays).messages[-1]
    assert (by_number.direction, by_number.verified) == ("in", True)
    desk.mail(TOM, "Without a number", references=(sent.data.message_id,))
    assert len(desk.case(stays).messages) == 5
    assert desk.case(gone).messages[-1].text == "Which floor?"


def test_M4_mails_follow_a_case_that_was_merged_twice(desk: Desk) -> None:
    first, second, third = (opened(desk, contact_address=ANN) for _ in range(3))
    merged(desk, first, second)
    merged(desk, second, third)
    desk.mail(ANN, f"Re: [{first}]", case_number=first, text="Still there?")
    assert desk.case(third).messages[-1].text == "Still there?"
    assert desk.case(third).merged == (first, second)
    assert {entry.case_number for entry in desk.case(third).history} == {None, first, second}


def test_M10_what_became_of_a_mail_stands_on_both_entries(desk: Desk) -> None:
    stays, gone = two(desk)
    desk.command("add_message", number=stays, text="Mine")
    desk.command("add_message", number=gone, text="Hello Tom")
    merged(desk, gone, stays)
    outcome = MailOutcome(command_id="c", message_id="<m@x>", message_number=1)
    common: dict[str, Any] = {"occurred_at": now(), "case_id": gone}
    desk.take(MailSent(id=new_id(), data=outcome, **common))
    assert [m.remark for m in desk.case(stays).messages] == ["", "sent"]
    assert desk.case(gone).messages[0].remark == "sent"
    outcome = outcome.model_copy(update={"why": "no such user"})
    desk.take(MailBounced(id=new_id(), data=outcome, **common))
    assert "no such user" in desk.case(stays).messages[1].remark
    entry = desk.case(stays).history[-1]
    assert (entry.case_number, "no such user" in entry.reason) == (gone, True)


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("change_case", {"fields": {"priority": "high"}}),
        ("move_case", {"state": "open"}),
        ("escalate_case", {}),
        ("add_message", {"kind": "note", "text": "x"}),
        ("link_cases", {"other": 103}),
        ("split_case", {"message_number": 1}),
        ("merge_case", {"into": 103}),
    ],
)
def test_K2_a_merged_case_is_left_as_it_is(desk: Desk, command: str, given: dict[str, Any]) -> None:
    stays, gone = two(desk)
    opened(desk)
    merged(desk, gone, stays)
    before = desk.case(gone)
    with pytest.raises(InvalidRequest, match=f"go on with case {stays}"):
        desk.command(command, **{"number": gone, "version": before.version, **given})
    assert desk.case(gone) == before


def test_A4_a_rule_that_comes_late_to_a_merged_case_only_says_so(desk: Desk) -> None:
    stays, gone = two(desk)
    merged(desk, gone, stays)
    desk.events()
    desk.rule(gone, rules.SetState(state="open"), rules.Remind(whom="partner"))
    view = desk.case(gone)
    assert view.state == "cancelled"
    assert f"merged into case {stays}" in view.history[-1].reason
    assert desk.mails() == []


def test_merging_what_cannot_be_says_why(desk: Desk) -> None:
    stays, gone = two(desk)
    third = opened(desk)
    with pytest.raises(InvalidRequest, match="into: give another case"):
        desk.command("merge_case", number=gone, version=1, into=gone)
    with pytest.raises(StaleVersion):
        desk.command("merge_case", number=gone, version=2, into=stays)
    with pytest.raises(StaleVersion):
        desk.command("merge_case", number=gone, version=1, into=stays, into_version=9)
    merged(desk, gone, stays)
    with pytest.raises(InvalidRequest, match=f"into: .*go on with case {stays}"):
        desk.command("merge_case", number=third, version=1, into=gone)


def test_K3_a_search_finds_what_was_said_on_the_case_that_stays(desk: Desk) -> None:
    stays, gone = opened(desk, "Printer"), opened(desk, "Scanner", description="smokes")
    desk.command("add_message", number=gone, kind="note", text="Bring a bucket")
    merged(desk, gone, stays)
    for q in ("bucket", "smokes", "printer smokes"):
        assert [one["number"] for one in desk.listed(q=q)] == [stays], q
    assert [one["number"] for one in desk.listed(q=str(gone))] == [gone]
