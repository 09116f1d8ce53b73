"""Webhooks: signatures, pauses, who is told what, and where deliveries may go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from unit.web.webhook_builders import a_webhook, case_event

from services.contracts.cases import CaseSnapshot
from services.web.settings import WebSettings
from services.web.webhooks.addresses import (
    NotAllowed,
    check_address,
    check_reachable,
    read_networks,
)
from services.web.webhooks.happened import WebhookEvent, body_of
from services.web.webhooks.matching import is_for
from services.web.webhooks.outcome import Answered, outcome, rests_until
from services.web.webhooks.pauses import TRIED_FOR, pause_after, rest_after
from services.web.webhooks.signature import headers, new_secret, signature

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = AT + TRIED_FOR


def test_a_signature_is_that_of_the_published_vector() -> None:
    """The vector that libraries of Standard Webhooks share."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def inner_and_outer(key: bytes, text: bytes) -> bytes:
    """HMAC as RFC 2104 §2 writes it, without the library's."""
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in key) + text).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in key) + inner).digest()


def test_a_signature_can_be_computed_by_hand() -> None:
    secret = new_secret()
    body = '{"subject": "Brände \U0001f525"}'
    signed = f"id-1.{int(AT.timestamp())}.{body}".encode()
    by_hand = inner_and_outer(base64.b64decode(secret.removeprefix("whsec_")), signed)
    assert signature(secret, "id-1", AT, body) == "v1," + base64.b64encode(by_hand).decode()


def test_secrets_have_256_bits_and_are_all_different() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(base64.b64decode(one.removeprefix("whsec_"))) for one in made} == {32}


def test_two_secrets_sign_side_by_side() -> None:
    old, new = new_secret(), new_secret()
    made = headers([new, old], "id-1", AT.replace(microsecond=900_000), "{}")
    assert made["webhook-id"] == "id-1"
    assert made["webhook-timestamp"] == str(int(AT.timestamp()))
    assert made["webhook-signature"].split(" ") == [
        signature(new, "id-1", AT, "{}"),
        signature(old, "id-1", AT, "{}"),
    ]
    assert not hmac.compare_digest(*made["webhook-signature"].split(" "))


def test_pauses_grow_from_seconds_to_hours() -> None:
    middle = [pause_after(tries, 0.5) for tries in range(1, 20)]
    assert middle == sorted(middle)
    assert middle[0] == timedelta(seconds=5)
    assert middle[-1] == timedelta(hours=6)


def test_pauses_are_spread_by_a_fifth() -> None:
    assert pause_after(1, 0.0) == timedelta(seconds=4)
    assert pause_after(1, 1.0) == timedelta(seconds=6)


def test_a_delivery_is_tried_a_dozen_times_or_more_in_two_days() -> None:
    at, tries = AT, 0
    while True:
        tries += 1
        found = outcome(Answered(500), tries, LATER, at, 0.5)
        if found.kind == "given_up":
            break
        assert found.kind == "failed" and found.next_try_at is not None
        at = found.next_try_at
    assert 12 <= tries <= 20
    assert timedelta(hours=40) < at - AT < TRIED_FOR


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(status: int) -> None:
    assert outcome(Answered(status), 1, LATER, AT, 0.5).kind == "delivered"


@pytest.mark.parametrize("status", [None, 199, 300, 301, 400, 401, 404, 409, 422, 429, 500, 503])
def test_all_else_is_tried_again_but_410(status: int | None) -> None:
    found = outcome(Answered(status), 1, LATER, AT, 0.5)
    assert (found.kind, found.next_try_at) == ("failed", AT + timedelta(seconds=5))
    assert outcome(Answered(410), 1, LATER, AT, 0.5).kind == "gone"


def test_the_receiver_may_ask_for_a_longer_pause_but_not_for_ever() -> None:
    wish = Answered(429, wait=timedelta(minutes=7))
    assert outcome(wish, 1, LATER, AT, 0.5).next_try_at == AT + timedelta(minutes=7)
    short = Answered(429, wait=timedelta(0))
    assert outcome(short, 3, LATER, AT, 0.5).next_try_at == AT + timedelta(seconds=120)
    endless = Answered(503, wait=timedelta(days=400))
    assert outcome(endless, 1, LATER, AT, 0.5).next_try_at == AT + timedelta(hours=6)


def test_a_webhook_rests_after_five_failures_in_a_row_and_longer_each_time() -> None:
    assert [rest_after(failures, 0.5) for failures in (1, 4)] == [None, None]
    rests = [rest_after(failures, 0.5) for failures in range(5, 12)]
    assert rests[:2] == [timedelta(minutes=1), timedelta(minutes=5)]
    assert rests[-1] == timedelta(hours=1)


def test_a_receiver_that_asks_for_a_pause_has_it_for_all_that_waits() -> None:
    wish = Answered(429, wait=timedelta(minutes=2))
    assert rests_until(1, wish, AT, 0.5) == AT + timedelta(minutes=2)
    assert rests_until(1, Answered(500, wait=timedelta(minutes=2)), AT, 0.5) is None
    assert rests_until(6, wish, AT, 0.5) == AT + timedelta(minutes=5)


def test_a_redirection_and_a_refusal_are_told_in_words() -> None:
    assert Answered(302).words == "it answers 302: give the address that it leads to"
    assert Answered(404).words == "it answers 404 Not Found"
    assert Answered(599).words == "it answers 599"
    assert Answered(204).words == ""
    assert len(Answered(None, "x" * 1000).words) == 300


def test_only_events_that_are_asked_for_are_told() -> None:
    assert is_for(a_webhook(), case_event("case.created"))
    assert not is_for(a_webhook(), case_event("case.escalated"))
    assert not is_for(a_webhook(active=False), case_event("case.created"))


def test_a_section_counts_with_all_below_it_and_no_other() -> None:
    of_two = a_webhook(section_id=2)
    below = {"section": {"id": 5, "name": "Below"}, "section_path": (5, 2, 1)}
    beside = {"section": {"id": 3, "name": "Beside"}, "section_path": (3, 1)}
    assert is_for(of_two, case_event(**below))
    assert not is_for(of_two, case_event(**beside))
    assert not is_for(of_two, case_event())
    assert is_for(a_webhook(), case_event(**beside))


def test_a_case_that_leaves_the_section_is_not_told_with_where_it_went() -> None:
    left = case_event(
        section={"id": 3, "name": "Beside"},
        section_path=(3,),
        changes=[{"field": "section", "before": {"id": 2, "name": "Ours"}}],
    )
    assert not is_for(a_webhook(section_id=2), left)


def test_the_body_holds_what_the_api_shows_and_nothing_of_the_inside() -> None:
    event = case_event(
        "case.state_changed",
        state_before="draft",
        changes=[{"field": "state", "before": "draft", "after": "open"}],
        reason="by hand",
        firing={"firing_id": "f-1", "changed": True},
    )
    body = body_of(event)
    told = json.loads(body)
    assert set(told) == {"type", "timestamp", "data"}
    assert told["type"] == "case.state_changed"
    assert set(told["data"]) == {
        *("number", "version", "actor", "reason", "state_before", "changes", "message", "case"),
    }
    assert set(told["data"]["case"]) == set(CaseSnapshot.model_fields)
    assert told["data"]["actor"] == {"kind": "user", "name": "Tom Novak"}
    assert "f-1" not in body and "Secret rule" not in body
    assert WebhookEvent.model_validate_json(body).data.version == 3


INNER = [
    *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1"),
    *("2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"),
    *("64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "::10.0.0.1", "192.88.99.1"),
    "2001:0:53aa:64c:0:0:80ff:fffe",  # Teredo of 127.0.0.1
]


@pytest.mark.parametrize("address", INNER)
def test_what_only_we_can_reach_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed, match="no public address"):
        check_reachable(ip_address(address), "https", ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_the_internet_is_reached_by_https_only(address: str) -> None:
    check_reachable(ip_address(address), "https", ())
    with pytest.raises(NotAllowed, match="https://"):
        check_reachable(ip_address(address), "http", read_networks("10.0.0.0/8"))


def test_a_network_that_is_allowed_is_reached_by_http_too() -> None:
    allowed = read_networks("10.1.0.0/16, ::1/128")
    check_reachable(ip_address("10.1.2.3"), "http", allowed)
    check_reachable(ip_address("::1"), "http", allowed)
    check_reachable(ip_address("::ffff:10.1.2.3"), "http", allowed)
    with pytest.raises(NotAllowed):
        check_reachable(ip_address("10.2.0.1"), "https", allowed)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "such as"),
        ("example.com/hook", "such as"),
        ("ftp://example.com/", "such as"),
        ("https://", "such as"),
        ("https://example.com:port/", "such as"),
        ("https://[::1/", "such as"),
        ("https://exa mple.com/", "such as"),
        ("https://bücher.example/", "ASCII"),
        ("https://example.com/" + "x" * 2000, "at most 2000"),
        ("https://tom:secret@example.com/", "name and password"),
        ("https://example.com/#part", "#"),
        ("http://example.com/", "https://"),
        ("https://127.0.0.1/", "no public"),
        ("https://[::1]:8443/", "no public"),
        ("https://169.254.169.254/latest/meta-data", "no public"),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_words(address: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        check_address(address, ())


def test_usual_addresses_are_taken() -> None:
    check_address("https://example.com/hook?key=a%20b", ())
    check_address("https://xn--bcher-kva.example:8443/", ())
    check_address("http://127.0.0.1:9/x", read_networks("127.0.0.0/8"))


def test_the_setting_names_networks() -> None:
    assert len(WebSettings(web_webhook_networks="10.0.0.0/8,fd00::/8").webhook_networks) == 2
    with pytest.raises(ValueError, match=r"10\.1\.0\.0/16"):
        WebSettings(web_webhook_networks="all of them")
