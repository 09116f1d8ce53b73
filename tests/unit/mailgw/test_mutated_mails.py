"""M11: the mails of the corpus, broken in every way that a wire or a program may break them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.mailgw.errors import UnreadableMail
from services.mailgw.incoming.parse import parse
from services.mailgw.incoming.pipeline import judge

MAILS = [
    path.read_bytes() for path in sorted((Path(__file__).parents[2] / "corpora").rglob("*.eml"))
]
MOST_SECONDS = 2.0
ODD = (b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"--", b'"', b"(", b"=?utf-8?b?", b"%", b";" * 50)

Mutation = Callable[[bytes, int, int], bytes]


def cut(raw: bytes, at: int, _: int) -> bytes:
    return raw[:at]


def cut_out(raw: bytes, at: int, to: int) -> bytes:
    return raw[: min(at, to)] + raw[max(at, to) :]


def doubled(raw: bytes, at: int, to: int) -> bytes:
    return raw[: max(at, to)] + raw[min(at, to) :]


def flipped(raw: bytes, at: int, to: int) -> bytes:
    return raw[:at] + bytes([to % 256]) + raw[at + 1 :]


def with_odd_signs(raw: bytes, at: int, to: int) -> bytes:
    return raw[:at] + ODD[to % len(ODD)] + raw[at:]


def lines_swapped(raw: bytes, at: int, to: int) -> bytes:
    lines = raw.split(b"\n")
    one, other = at % len(lines), to % len(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def line_gone(raw: bytes, at: int, _: int) -> bytes:
    lines = raw.split(b"\n")
    del lines[at % len(lines)]
    return b"\n".join(lines)


def ends_changed(raw: bytes, at: int, _: int) -> bytes:
    plain = raw.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", (b"\r\n", b"\r", b"\n\n")[at % 3])


def wrapped(raw: bytes, _at: int, _to: int) -> bytes:
    return b"From: a@b.example\nContent-Type: message/rfc822\n\n" + raw


MUTATIONS: tuple[Mutation, ...] = (
    *(cut, cut_out, doubled, flipped, with_odd_signs),
    *(lines_swapped, line_gone, ends_changed, wrapped),
)


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(MAILS),
    st.lists(
        st.tuples(st.sampled_from(MUTATIONS), st.integers(0, 2**20), st.integers(0, 2**20)),
        min_size=1,
        max_size=6,
    ),
)
def test_M11_a_broken_mail_is_read_or_named_as_unreadable_in_bounded_time(
    raw: bytes, changes: list[tuple[Mutation, int, int]]
) -> None:
    for change, at, to in changes:
        raw = change(raw, at % (len(raw) + 1), to % (len(raw) + 1))
    begin = time.process_time()
    try:
        mail = parse(raw, ("support@ours.example",), "mx.ours.example")
    except UnreadableMail as error:
        assert str(error)
    else:
        assert mail.sender.address and mail.message_id
        text = f"{mail.subject}{mail.text}{mail.quoted}{mail.html or ''}"
        for one in mail.attachments:
            text += one.filename + one.content_type + one.content_id + one.charset
        assert "\x00" not in text
        text.encode()
        judge(mail)
    assert time.process_time() - begin < MOST_SECONDS
