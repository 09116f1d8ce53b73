"""Base64 as careless programs write it (M11)."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mailgw.incoming.from_base64 import from_base64

HELLO = b"Hello there, all of you."


@given(st.binary(), st.sampled_from([b"\n", b"\r\n", b"", b" \n"]))
def test_M11_what_was_encoded_comes_back(content: bytes, end: bytes) -> None:
    encoded = base64.encodebytes(content).replace(b"\n", end)
    assert from_base64(encoded) == from_base64(memoryview(encoded)) == content


@given(st.binary(min_size=1), st.integers(min_value=0))
def test_M11_of_what_was_cut_comes_what_is_there(content: bytes, cut: int) -> None:
    encoded = base64.b64encode(content)
    cut %= len(encoded)
    found = from_base64(encoded[:cut])
    assert content.startswith(found) and len(found) >= cut * 3 // 4 - 1


@given(st.lists(st.binary(), max_size=5))
def test_M11_pieces_that_were_encoded_by_themselves_come_all(pieces: list[bytes]) -> None:
    encoded = b"\n".join(base64.b64encode(piece) for piece in pieces)
    assert from_base64(encoded) == b"".join(pieces)


@pytest.mark.parametrize("text", [HELLO, "Grüße, wie geht es?".encode(), b"a = b; c = d\n"])
def test_M11_what_is_not_encoded_stays_as_it_is(text: bytes) -> None:
    assert from_base64(text) == text


@given(st.binary(max_size=300))
def test_M11_whatever_it_is_it_ends(body: bytes) -> None:
    assert isinstance(from_base64(body), bytes)
