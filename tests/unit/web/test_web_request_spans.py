"""O1: a request has a span that says which route was asked, and nothing of who asked what."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind
from unit.web.web_bench import Answers, sign_in

from services.messaging import open_spans
from services.messaging.spans import Place
from services.messaging.tracing import TRACING

TOKEN = "101-cmf3k2x9q-abcdefghijklmnopqrstuvwxyz"
STRANGERS = Place(trace_id=0x1234, span_id=0x5678)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ReadableSpan]:
    spans: list[ReadableSpan] = []
    monkeypatch.setattr(TRACING, "_export", spans.append)
    return spans


def test_O1_a_route_is_named_and_no_address(client: FlaskClient, sent: list[ReadableSpan]) -> None:
    client.get(f"/portal/{TOKEN}?name=anna", headers={"Cookie": "a=secret"})
    (span,) = sent
    assert (span.name, span.kind) == ("GET /portal/<token>", SpanKind.SERVER)
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/portal/<token>",
        "http.response.status_code": 503,
    }
    assert span.status.description == "503"
    written = span.to_json()
    assert TOKEN not in written and "anna" not in written and "secret" not in written


def test_O1_what_is_asked_meanwhile_stands_below_it_and_nothing_later(
    client: FlaskClient, answers: Answers, sent: list[ReadableSpan]
) -> None:
    above: list[int] = []

    def view(**_: Any) -> None:
        present = open_spans.present()
        assert present is not None
        above.append(present.place.span_id)

    answers.by_method["portal_view"] = view
    client.get(f"/portal/{TOKEN}")
    client.get(f"/portal/{TOKEN}")
    assert above == [span.context.span_id for span in sent]
    assert sent[0].context.trace_id != sent[1].context.trace_id
    assert open_spans.present() is None


def test_O1_a_strangers_trace_is_not_joined(client: FlaskClient, sent: list[ReadableSpan]) -> None:
    client.get("/sign-in", headers={"traceparent": STRANGERS.traceparent})
    (span,) = sent
    assert span.parent is None and span.context.trace_id != STRANGERS.trace_id


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/no/such/page", 404), ("BREW", "/sign-in", 405)]
)
def test_O1_what_no_route_takes_is_not_named_as_it_was_written(
    client: FlaskClient, sent: list[ReadableSpan], method: str, path: str, status: int
) -> None:
    assert client.open(path, method=method).status_code == status
    (span,) = sent
    assert span.name == "HTTP"
    assert dict(span.attributes or {}) == {
        "http.request.method": "_OTHER",
        "http.response.status_code": status,
    }
    assert span.status.description is None


def test_O1_a_request_that_breaks_is_an_error(
    web: tuple[APIFlask, Answers], sent: list[ReadableSpan]
) -> None:
    app, answers = web
    answers.by_method["portal_view"] = KeyError("what it holds")
    assert app.test_client().get(f"/portal/{TOKEN}").status_code == 500
    (span,) = sent
    assert span.status.description == "500"
    assert "what it holds" not in span.to_json()
    assert open_spans.present() is None


def test_O1_pages_have_spans_and_their_files_have_none(
    client: FlaskClient, sent: list[ReadableSpan]
) -> None:
    assert sign_in(client) == 303
    client.get("/static/no-such-file.css")
    assert [span.name for span in sent] == ["GET /sign-in", "POST /sign-in"]


def test_O1_unwatched_a_request_has_no_span(client: FlaskClient, answers: Answers) -> None:
    seen: list[Any] = []
    answers.by_method["portal_view"] = lambda **_: seen.append(open_spans.present())
    client.get(f"/portal/{TOKEN}")
    assert seen == [None]
