"""What is under way has one span, below that of what it is part of; unwatched it costs nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind

from services.contracts.envelope import Envelope
from services.contracts.errors import NotFound, ServiceAway
from services.messaging import open_spans
from services.messaging.call_spans import HEADER, asking, begin_answering, end_answering
from services.messaging.open_spans import MOST_LINKS
from services.messaging.spans import new_place, read_place
from services.messaging.tracing import MOST_ORIGINS, TRACING

UNWATCHED = """
import sys
import services.web.app, services.messaging.bus, services.messaging.door
import services.messaging.transaction
from services.messaging.call_spans import asking, begin_answering, end_answering
from services.messaging.open_spans import present
with asking("cases", "get_case") as context:
    assert context == {} and present() is None
begin_answering("cases", "get_case", {"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"})
assert present() is None
end_answering(None)
found = [name for name in sys.modules if name.startswith("opentelemetry")]
assert not found, found
"""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ReadableSpan]:
    spans: list[ReadableSpan] = []
    monkeypatch.setattr(TRACING, "_export", spans.append)
    return spans


def message(id: str) -> Envelope:
    return Envelope(id=id, type="user.changed", occurred_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_O1_unwatched_nothing_is_sent_along_and_nothing_imported() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", UNWATCHED], check=True)


def test_O1_what_a_worker_asks_stands_below_what_it_was_asked(sent: list[ReadableSpan]) -> None:
    with asking("rules", "rehearse") as context:
        worker = threading.Thread(target=_answer_by_asking, args=(context,))
        worker.start()
        worker.join()
    inner, answered, asked = sent
    assert [span.kind for span in sent] == [SpanKind.CLIENT, SpanKind.SERVER, SpanKind.CLIENT]
    assert asked.parent is None
    assert answered.parent is not None and answered.parent.span_id == asked.context.span_id
    assert inner.parent is not None and inner.parent.span_id == answered.context.span_id
    assert len({span.context.trace_id for span in sent}) == 1
    assert open_spans.present() is None


def _answer_by_asking(context: dict[str, str]) -> None:
    begin_answering("rules", "rehearse", context)
    with asking("cases", "read_events"):
        pass
    end_answering(None)
    assert open_spans.present() is None


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("case", 7), None),
        (ServiceAway("cases", 5.0), "ServiceAway"),
        (KeyError(), "KeyError"),
    ],
)
def test_O1_only_what_is_no_answer_is_an_error(
    sent: list[ReadableSpan], error: Exception, status: str | None
) -> None:
    with pytest.raises(type(error)), asking("cases", "get_case"):
        raise error
    assert sent[0].attributes is not None
    assert sent[0].attributes["error.type"] == type(error).__name__
    assert sent[0].status.description == status
    assert sent[0].status.is_ok is (status is None)


def test_O1_a_place_travels_as_a_header_and_back() -> None:
    place = new_place(None)
    assert read_place(place.traceparent) == place
    below = new_place(place)
    assert below.trace_id == place.trace_id and below.span_id != place.span_id


@pytest.mark.parametrize(
    "header",
    [
        None,
        7,
        b"00-",
        "",
        f"00-{'0' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'0' * 16}-01",
        f"01-{'1' * 32}-{'1' * 16}-01",
        f"00-{'x' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'1' * 16}-01\n",
    ],
)
def test_O1_what_is_no_place_begins_a_trace(sent: list[ReadableSpan], header: object) -> None:
    assert read_place(header) is None
    begin_answering("cases", "get_case", {HEADER: header})
    end_answering(None)
    assert sent[0].parent is None


def test_O1_a_change_of_many_has_so_many_links_and_no_more(sent: list[ReadableSpan]) -> None:
    begin_answering("cases", "change_cases", {})
    open_spans.note_beginnings([message(str(number)) for number in range(MOST_LINKS + 1)])
    end_answering(None)
    TRACING.published(message(str(MOST_LINKS)), 0)
    answered, published = sent
    assert len(answered.links) == MOST_LINKS
    assert [link.context.span_id for link in published.links] == [answered.context.span_id]


def test_O1_messages_that_no_relay_of_this_process_sends_are_forgotten(
    sent: list[ReadableSpan],
) -> None:
    place = new_place(None)
    for number in range(MOST_ORIGINS + 1):
        TRACING.begun(message(str(number)), place)
    for number in (0, 1):
        TRACING.published(message(str(number)), 0)
    assert [len(span.links) for span in sent] == [0, 1]


def test_O1_a_chain_that_no_call_began_has_no_link(sent: list[ReadableSpan]) -> None:
    open_spans.note_beginnings([message("of a mail")])
    TRACING.published(message("of a mail"), 0)
    assert list(sent[0].links) == []
