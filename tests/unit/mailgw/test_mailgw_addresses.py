"""M11: addresses as people and programs write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mailgw.incoming.addresses import MOST_NAME_CHARACTERS, read_addresses

ANN = "ann@far.example"


def read(*values: str) -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in read_addresses(values)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (f"{ANN}", ""),
        (f"<{ANN}>", ""),
        (f"Ann Lee <{ANN}>", "Ann Lee"),
        (f'"Lee, Ann" <{ANN}>', "Lee, Ann"),
        (f"Lee, Ann <{ANN}>", "Lee, Ann"),
        (f"Lee, Ann, Dr. <{ANN}>", "Lee, Ann, Dr."),
        (f"Ann [Sales] <{ANN}>", "Ann [Sales]"),
        (f"Ann (Sales, Berlin) <{ANN}>", "Ann (Sales, Berlin)"),
        (f'"Ann Lee <{ANN}>', "Ann Lee"),
        (f'Ann Lee" <{ANN}>', "Ann Lee"),
        (f'"Ann \\"The Boss\\" Lee" <{ANN}>', 'Ann "The Boss" Lee'),
        (f"'Ann Lee' <{ANN}>", "Ann Lee"),
        (f"Ann: Sales <{ANN}>", "Sales"),
        (f"{ANN} (Ann Lee)", "Ann Lee"),
        (f"Ann Lee <<{ANN}>>", "Ann Lee"),
        (f"Ann Lee <mailto:{ANN}>", "Ann Lee"),
        (f"mailto:{ANN}", ""),
        ("Ann Lee < ann @ far.example >", "Ann Lee"),
        (f"Ann Lee <{ANN}.>", "Ann Lee"),
        (f"Ann Lee {ANN}", "Ann Lee"),
        (f"=?utf-8?q?Lee=2C_Ann?= <{ANN}>", "Lee, Ann"),
        (f'"=?utf-8?b?SsO8cmdlbg==?=" <{ANN}>', "Jürgen"),
        (f"=?utf-8?q?Ann_=3Cboss=40ours.example=3E?= <{ANN}>", "Ann <boss@ours.example"),
        ("=?utf-8?q?Ann_Lee_=3Cann=40far.example=3E?=", "Ann Lee"),
        (f'"boss@ours.example" <{ANN}>', "boss@ours.example"),
        (f"boss@ours.example <{ANN}>", "boss@ours.example"),
        (f"Ann (boss@ours.example) <{ANN}>", "Ann (boss@ours.example)"),
        (f"Friends: Ann <{ANN}>;", "Ann"),
    ],
)
def test_M11_one_person_however_written(value: str, name: str) -> None:
    assert read(value) == [(name, ANN)]


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ('"Ann Lee"@far.example', ['"Ann Lee"@far.example']),
        ('Ann <"ann lee"@far.example>', ['"ann lee"@far.example']),
        ("undisclosed-recipients:;", []),
        ("Us: a@x.example, B <b@x.example>;, c@x.fr", ["a@x.example", "b@x.example", "c@x.fr"]),
        ("a@x.example; b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example,,b@x.example,", ["a@x.example", "b@x.example"]),
        ("A@X.example, a@x.example", ["A@X.example"]),
        ("Jörg <jörg@bücher.example>", ["jörg@bücher.example"]),
        ("ann@[192.0.2.1]", ["ann@[192.0.2.1]"]),
        ('","@[', []),
        ('"a,b"@far.example', []),
        ("Ann <>", []),
        ("Ann Lee", []),
        ("@far.example", []),
        ("", []),
    ],
)  # fmt: skip
def test_M11_lists_and_odd_addresses(value: str, addresses: list[str]) -> None:
    assert [address for _, address in read(value)] == addresses


SIGNS = st.sampled_from([*'",;:<>()[]@\\ .', "=?utf-8?q?a?=", "ann", "@far.example", "\n", "ü"])


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_M11_whatever_the_value_is_it_is_read(value: str) -> None:
    for name, address in read(value):
        assert address.count("@") >= 1 and "<" not in address and "," not in address
        assert len(name) <= MOST_NAME_CHARACTERS and "\n" not in name


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=50))
def test_M11_a_quoted_name_never_becomes_the_address(name: str) -> None:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    assert [address for _, address in read(f'"{escaped}" <{ANN}>')] == [ANN]


@pytest.mark.parametrize("piece", ['"', "<", "(", '"\\', "a@", "a, ", "<a@b.example>", ":", "=?"])
def test_M11_hostile_values_are_read_in_bounded_time(piece: str) -> None:
    """Four times as long takes about four times as long; where each looks at all it is sixteen."""

    def seconds(count: int) -> float:
        begin = time.process_time()
        read(piece * count)
        return time.process_time() - begin

    short = min(seconds(100_000) for _ in range(2))
    assert seconds(400_000) < 11 * max(short, 0.02)
