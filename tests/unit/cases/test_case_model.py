"""States, changes, audiences and voices of a case: the pure rules (K2, M4, M7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.model.audience import audience_of
from services.cases.model.change import changed, differences
from services.cases.model.states import MOVES, is_reopening
from services.cases.model.thread import Proof, Role, Standing, role_of
from services.contracts.cases import CLOSED, CaseSnapshot, Contact, State, Watcher
from services.contracts.errors import IllegalMove
from services.contracts.mail import Address

START = datetime(2026, 1, 1, tzinfo=UTC)
STATES: tuple[State, ...] = get_args(State)
ADDRESSES = st.sampled_from(["a@x.example", "A@X.example", "b@x.example", "c@y.example"])


def case(**values: Any) -> CaseSnapshot:
    defaults: dict[str, Any] = {
        "number": 101,
        "version": 1,
        "subject": "A case",
        "state": "draft",
        "kind": "helpdesk",
        "created_at": START,
        "last_action_at": START,
        "state_since": START,
    }
    return CaseSnapshot(**(defaults | values))


def test_K2_every_state_has_its_moves_and_a_way_out() -> None:
    assert set(MOVES) == set(STATES)
    for state, targets in MOVES.items():
        assert targets and state not in targets
        assert set(targets) <= set(STATES)


@given(st.lists(st.sampled_from(STATES), max_size=12))
def test_K2_only_legal_moves_happen_and_dates_follow(moves: list[State]) -> None:
    current, at = case(), START
    for target in moves:
        at += timedelta(hours=1)
        if target == current.state:
            continue
        if target not in MOVES[current.state]:
            with pytest.raises(IllegalMove) as caught:
                changed(current, {"state": target}, at)
            assert tuple(caught.value.allowed) == MOVES[current.state]
            continue
        before, current = current, changed(current, {"state": target}, at)
        assert current.version == before.version + 1
        assert current.state_since == at
        assert (current.closed_at is not None) == (target in CLOSED)
        assert is_reopening(before.state, target) == (
            before.state in CLOSED and target not in CLOSED
        )


@given(st.sampled_from(["low", "normal", "high"]), st.sampled_from(["low", "normal", "high"]))
def test_A10_no_change_is_told_apart_from_a_change(before: Any, after: Any) -> None:
    first = case(priority=before)
    second = changed(first, {"priority": after}, START)
    found = differences(first, second)
    assert [(c.field, c.before, c.after) for c in found] == (
        [] if before == after else [("priority", before, after)]
    )


@given(
    ADDRESSES,
    st.lists(st.tuples(ADDRESSES, st.sampled_from(["staff", "partner"])), max_size=4),
    st.frozensets(st.sampled_from(["a@x.example", "b@x.example"])),
)
def test_M7_everybody_gets_one_copy_and_the_excluded_none(
    contact: str, watchers: list[tuple[str, Any]], but: frozenset[str]
) -> None:
    one = case(
        contact=Contact(address=contact),
        watchers=tuple(Watcher(address=address, side=side) for address, side in watchers),
    )
    audience = audience_of(one, Address(address="r@x.example"), but)
    found = [a.address.lower() for a in (*audience.partner_side, *audience.staff_side)]
    everybody = {"r@x.example", contact.lower(), *(address.lower() for address, _ in watchers)}
    assert sorted(found) == sorted(everybody - but)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("boss@ours.example", "responsible"),
        ("BOSS@ours.example", "responsible"),
        ("ann@blue.example", "partner"),
        ("carl@blue.example", "watcher"),
        ("expert@far.example", "our_watcher"),
        ("bob@ours.example", "staff"),
        ("rex@ours.example", "reader"),
        ("eve@ours.example", "staff"),
        ("mallory@evil.example", "stranger"),
    ],
)
def test_M4_what_an_address_is_to_a_case(address: str, role: str) -> None:
    one = case(
        contact=Contact(address="Ann@blue.example"),
        watchers=(
            Watcher(address="carl@blue.example"),
            Watcher(address="expert@far.example", side="staff"),
            Watcher(address="bob@ours.example", side="staff"),
        ),
    )
    staff = frozenset({"eve@ours.example", "bob@ours.example", "rex@ours.example"})
    readers = frozenset({"rex@ours.example"})
    assert role_of(address, one, "boss@ours.example", staff, readers) == role


@given(
    st.sampled_from(get_args(Role)),
    st.sampled_from(get_args(Proof)),
    st.sampled_from(["", "pass", "fail"]),
)
def test_M4_who_has_no_proof_or_failed_is_not_heard_by_the_partner_and_closes_nothing(
    role: Any, proof: Any, authentication: Any
) -> None:
    standing = Standing(role, proof, authentication)
    proven = proof in ("message", "token") and authentication != "fail"
    assert standing.verified == proven == (not standing.doubt)
    assert proven or not (standing.rights.speaks or standing.rights.closes)
    assert standing.rights.joins or (role, proof) == ("stranger", "number")
    assert ("unverified" in standing.told) == (not proven)
