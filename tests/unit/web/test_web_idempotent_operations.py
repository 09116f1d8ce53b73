"""O3: every unsafe operation of the API, sent twice with one key, takes effect once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from unit.web.web_bench import PASSWORD, Answers, a_case, sign_in, token

from services.web import tables
from services.web.api.openapi import operation_id, operations_of
from services.web.wiring import EXTENSION

MAIL = "0193b4b4-0000-7000-8000-000000000001"
RULE = {"id": 1, "name": "Rule"}
ACCOUNT = {"name": "desk", "server": "localhost", "address": "desk@ours.example"}
WHOLE_WEEK = [[["09:00", "17:00"]]] * 7
WEBHOOK = {
    "name": "old",
    "address": "https://nowhere.invalid/",
    "event_types": ["case.created"],
}
GRADE = {"category_id": 1}
NODE = {"id": 1, "name": "Printer", "path": "Printer"}
ANSWERS: dict[str, Any] = {
    **{
        method: a_case()
        for method in (
            *("create_case", "change_case", "move_case", "escalate_case", "add_message"),
            *("merge_case", "split_case", "link_cases", "unlink_cases", "move_event"),
            *("send_invitation", "end_portal_links"),
        )
    },
    "change_cases": {"changed": [1]},
    "save_quality_action": {"id": 1, "text": "x"},
    "save_section": {"id": 1, "name": "x"},
    "save_partner": {"id": 1, "name": "x"},
    "save_user": {"id": 9, "login": "x", "name": "x"},
    "save_category": NODE,
    "save_partner_category": NODE,
    "save_kind": {"code": "visit", "name": "Visit"},
    "save_template": {"id": 1, "name": "x", "subject": "x", "text": "x"},
    "preview_template": {"subject": "x", "text": "x"},
    "save_rule": {"rule": RULE},
    "delete_rule": None,
    "order_rules": [RULE],
    "try_rule": {
        **{"count": 0, "cases": 0, "judged_cases": 0},
        **{"since": "2026-11-01T00:00:00Z", "until": "2026-11-25T00:00:00Z"},
    },
    "save_calendar": {"id": 1, "name": "x"},
    "save_rates": {"version": 1},
    "save_grading": {"id": 1, "name": "x", "grades": [GRADE]},
    "delete_grading": None,
    "save_incoming_account": ACCOUNT,
    "save_outgoing_account": ACCOUNT,
    "approve_account": None,
    "stop_account": None,
    "delete_account": None,
    "test_account": {"ok": True, "why": ""},
    "fetch_now": {"stored": 0, "failed": {}},
    "act_on_mail": {
        **{"id": MAIL, "account": "desk", "received_at": "2026-11-25T00:00:00Z"},
        **{"size_bytes": 1, "status": "filed"},
    },
    "act_on_outgoing_mail": None,
    "report": {"rows": []},
    "order_mail": None,
}
REPORT_MAIL = {
    **{"name": "x", "question": "by=user", "recipients": ["boss@ours.example"]},
    **{"rhythm": "daily", "hour": 8},
}
# What each is sent with: its address below /api/v1, its body, and another body or None.
SENT: dict[str, tuple[str, Any, Any]] = {
    "createToken": (
        "/tokens",
        {"name": "tom", "password": PASSWORD},
        {"name": "x", "password": "x"},
    ),
    "endMySessions": ("/me/sessions", None, None),
    "endMySession": ("/me/sessions/1", None, None),
    "offerTwoFactor": ("/me/two-factor/secret", None, None),
    "endUserSessions": ("/users/3/sessions", None, None),
    "resetUserTwoFactor": ("/users/3/two-factor", None, None),
    "unlockUser": ("/users/3/blocks", None, None),
    "endPortalLinks": ("/cases/101/portal-links", None, None),
    "createCase": ("/cases", {"subject": "x"}, {"subject": "y"}),
    "changeCase": ("/cases/101", {"version": 3, "subject": "x"}, {"version": 4}),
    "moveCase": (
        "/cases/101/state",
        {"version": 3, "state": "done"},
        {"version": 4, "state": "done"},
    ),
    "escalateCase": ("/cases/101/escalate", {"version": 3}, {"version": 4}),
    "addMessage": ("/cases/101/messages", {"text": "x"}, {"text": "y"}),
    "mergeCase": ("/cases/101/merge", {"version": 3, "into": 5}, {"version": 3, "into": 6}),
    "splitCase": ("/cases/101/split", {"version": 3, "message_number": 1}, {"version": 4}),
    "linkCases": ("/cases/101/links", {"other": 5}, {"other": 6}),
    "unlinkCases": ("/cases/101/links/5", None, None),
    "changeCases": ("/cases/bulk", {"numbers": [1], "state": "done"}, {"numbers": [2]}),
    "moveEvent": ("/cases/101/event", {"version": 3, "cancelled": True}, {"version": 4}),
    "sendInvitation": ("/cases/101/invitation", {"version": 3}, {"version": 4}),
    "addQualityAction": ("/cases/101/quality-actions", {"text": "x"}, {"text": "y"}),
    "changeQualityAction": ("/cases/101/quality-actions/1", {"version": 1}, {"version": 2}),
    "addFeed": ("/calendar-feeds", {"name": "x"}, {"name": "y"}),
    "revokeFeedOfMine": ("/calendar-feeds/1", None, None),
    "uploadFile": ("/files", b"one", b"two"),
    "addSavedFilter": (
        "/saved-filters",
        {"name": "x", "question": ""},
        {"name": "y", "question": ""},
    ),
    "changeSavedFilter": ("/saved-filters/1", {"name": "z"}, {"name": "y"}),
    "raiseSavedFilter": ("/saved-filters/1/raise", None, None),
    "deleteSavedFilter": ("/saved-filters/1", None, None),
    "createSection": ("/sections", {"name": "x"}, {"name": "y"}),
    "changeSection": ("/sections/1", {"version": 1}, {"version": 2}),
    "createPartner": ("/partners", {"name": "x"}, {"name": "y"}),
    "changePartner": ("/partners/1", {"version": 1}, {"version": 2}),
    "createUser": ("/users", {"login": "x", "name": "x"}, {"login": "y", "name": "x"}),
    "changeUser": ("/users/9", {"version": 1}, {"version": 2}),
    "createCategory": ("/categories", {"name": "x"}, {"name": "y"}),
    "changeCategory": ("/categories/1", {"name": "x"}, {"name": "y"}),
    "createPartnerCategory": ("/partner-categories", {"name": "x"}, {"name": "y"}),
    "changePartnerCategory": ("/partner-categories/1", {"name": "x"}, {"name": "y"}),
    "saveKind": ("/kinds", {"code": "visit", "name": "Visit"}, {"code": "visit", "name": "V"}),
    "createTemplate": (
        *("/templates", {"name": "x", "subject": "x", "text": "x"}),
        {"name": "y", "subject": "x", "text": "x"},
    ),
    "changeTemplate": ("/templates/1", {"version": 1}, {"version": 2}),
    "previewTemplate": ("/templates/preview", {"number": 1}, {"number": 2}),
    "createRule": ("/rules", {"name": "x"}, {"name": "y"}),
    "changeRule": ("/rules/1", {"version": 1}, {"version": 2}),
    "deleteRule": ("/rules/1?version=1", None, None),
    "orderRules": ("/rules/order", {"ids": [1]}, {"ids": [2]}),
    "tryRule": ("/rules/try", {"days": 1}, {"days": 2}),
    "createWebhook": ("/webhooks", WEBHOOK, {**WEBHOOK, "name": "other"}),
    "changeWebhook": ("/webhooks/1", {"version": 1, "name": "x"}, {"version": 2}),
    "deleteWebhook": ("/webhooks/1", None, None),
    "renewWebhookSecret": ("/webhooks/1/secret", {"version": 1}, {"version": 2}),
    "testWebhook": ("/webhooks/1/test", None, None),
    "sendDeliveryAgain": ("/webhooks/1/deliveries/1/again", None, None),
    "createReportMail": ("/report-mails", REPORT_MAIL, {**REPORT_MAIL, "name": "other"}),
    "changeReportMail": ("/report-mails/1", {"version": 1, "name": "y"}, {"version": 2}),
    "deleteReportMail": ("/report-mails/1", None, None),
    "sendReportMail": ("/report-mails/1/send", None, None),
    "saveRates": ("/rates", {"version": 0, "rates": []}, {"version": 1, "rates": []}),
    "createGrading": (
        *("/gradings", {"name": "x", "grades": [GRADE]}),
        {"name": "y", "grades": [GRADE]},
    ),
    "changeGrading": ("/gradings/1", {"version": 1}, {"version": 2}),
    "deleteGrading": ("/gradings/1?version=1", None, None),
    "createCalendar": ("/calendars", {"name": "x", "hours": WHOLE_WEEK}, {"name": "y"}),
    "changeCalendar": ("/calendars/1", {"version": 1}, {"version": 2}),
    "saveIncoming": ("/accounts/incoming", ACCOUNT, {"name": "other"}),
    "saveOutgoing": ("/accounts/outgoing", ACCOUNT, {**ACCOUNT, "name": "other"}),
    "approveAccount": ("/accounts/incoming/desk/approve", None, None),
    "stopAccount": ("/accounts/incoming/desk/stop", None, None),
    "deleteAccount": ("/accounts/incoming/desk", None, None),
    "testAccount": ("/accounts/incoming/desk/test", None, None),
    "fetchNow": ("/accounts/fetch", None, None),
    "actOnMail": (f"/mails/{MAIL}/acts", {"act": "again"}, {"act": "let_in"}),
    "actOnOutgoingMail": (f"/outgoing-mails/{MAIL}/acts", {"act": "again"}, {"act": "give_up"}),
}
# Its second request has no token any more: there is nobody to answer.
NOT_TWICE = {"revokeOwnToken", "changeMyPassword"}
# A code is taken once: test_web_api_sign_in.py sends these.
WITH_A_CODE = {"turnTwoFactorOn", "turnTwoFactorOff"}
READING = {"get_user", "get_user_by_login", "list_users", "list_sections", "list_kinds"}


def unsafe(app: APIFlask) -> dict[str, str]:
    return {
        operation_id(one.endpoint): one.method for one in operations_of(app) if one.method != "get"
    }


def test_O3_the_table_has_every_unsafe_operation(web: tuple[APIFlask, Answers]) -> None:
    assert set(unsafe(web[0])) == set(SENT) | NOT_TWICE | WITH_A_CODE


def send(client: FlaskClient, method: str, path: str, body: Any, header: dict[str, str]) -> Any:
    how: dict[str, Any] = {"json": body} if body is not None else {}
    if isinstance(body, bytes):
        how = {"data": {"file": (io.BytesIO(body), "a.txt")}}
    return client.open(f"/api/v1{path}", method=method.upper(), headers=header, **how)


def effects(web: tuple[APIFlask, Answers]) -> list[Any]:
    """What was ordered of services, and how much stands in the gateway's own tables."""
    orders = [method for _, method, _ in web[1].asked if method not in READING]
    mine = (
        *(tables.tokens, tables.saved_filters, tables.calendar_feeds, tables.webhooks),
        tables.report_mails,
    )
    with web[0].extensions[EXTENSION].database.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(one)) for one in mine]
        sent = connection.execute(select(tables.webhook_deliveries)).all()
        secrets = connection.scalars(select(tables.webhooks.c.secret)).all()
    return [orders, counts, sent, secrets]


@pytest.mark.parametrize("operation", sorted(SENT))
def test_O3_sent_twice_with_one_key_it_takes_effect_once(
    web: tuple[APIFlask, Answers], client: FlaskClient, operation: str
) -> None:
    web[1].by_method.update(ANSWERS)
    admin = token(client, "admin")
    for path, body in (("/saved-filters", {"name": "old", "question": ""}),):
        assert send(client, "post", path, body, admin).status_code == 201
    assert send(client, "post", "/calendar-feeds", {"name": "old"}, admin).status_code == 201
    sign_in(client, name="admin")
    assert send(client, "post", "/webhooks", WEBHOOK, admin).status_code == 201
    assert send(client, "post", "/report-mails", REPORT_MAIL, admin).status_code == 201
    assert send(client, "post", "/webhooks/1/test", None, admin).json["ok"] is False
    method, (path, body, other) = unsafe(web[0])[operation], SENT[operation]
    keyed = {**admin, "Idempotency-Key": "one-key"}
    first = send(client, method, path, body, keyed)
    assert first.status_code in (200, 201, 204), first.text
    done = effects(web)
    second = send(client, method, path, body, keyed)
    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers.get("Location") == first.headers.get("Location")
    if other is not None:
        refused = send(client, method, path, other, keyed)
        assert (refused.status_code, refused.json["field"]) == (422, "Idempotency-Key")
    assert effects(web) == done
