"""A desk with something on every page: cases of each state, mails of each fate, a portal link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from support.mail_office import read
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for

SUPPORT, ANN = "support@ours.example", "ann@blue.example"
STATES = ("draft", "open", "pending", "done", "cancelled")
FIELDS = [
    {"code": "serial", "name": "Serial number"},
    {"code": "model", "name": "Model", "type": "choice", "choices": ["A4", "A3"]},
]
LETTER = (
    b"From: Ann Blue <ann@blue.example>\r\nTo: support@ours.example\r\n"
    b"Subject: The printer smokes\r\nMessage-ID: <smoke@blue.example>\r\n"
    b"Content-Type: text/html\r\n\r\n<p>Please <b>help</b>.</p>"
    b"<blockquote><p>You wrote a while ago.</p></blockquote>\r\n"
)
UNREADABLE = b"Subject: Nobody wrote this\r\nMessage-ID: <odd@blue.example>\r\n\r\nboo\r\n"
AWAY = (
    b"From: Bob <bob@red.example>\r\nSubject: Out of office\r\nMessage-ID: <away@red.example>\r\n"
    b"Auto-Submitted: auto-replied\r\n\r\nI am on the beach.\r\n"
)
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/portal/[0-9a-z-]+)")


@dataclass
class FullDesk:
    """`case` has everything on it, `meeting` is in this week; `portal` is Ann's link to a case."""

    system: RunningSystem
    peer: SmtpPeer
    case: int = 0
    meeting: int = 0
    rule: int = 0
    mail: str = ""
    portal: str = ""
    subjects: list[str] = field(default_factory=list)


def furnish(system: RunningSystem, peer: SmtpPeer) -> FullDesk:
    """Fill a running system; `peer` has to listen."""
    desk, api = FullDesk(system, peer), system.api()
    _directory(api)
    _accounts(api, peer)
    _cases(desk, api)
    _meetings(desk, api)
    _words(desk, api)
    _mails(desk, api)
    return desk


def _directory(api: Api) -> None:
    address = {"login": "eve", "name": "Eve Expert", "address": "eve@ours.example"}
    api.post("/users", **address, password="a password of hers")
    version = api.get("/sections/1")["version"]
    api.patch("/sections/1", version=version, name="Support", reply_address=SUPPORT)
    api.post("/sections", name="Technical", reply_address="tech@ours.example")
    api.post("/kinds", code="repair", name="Repair", fields=FIELDS)
    hardware = api.post("/categories", name="Hardware")["id"]
    api.post("/categories", name="Printer", parent_id=hardware)
    gold = api.post("/partner-categories", name="Gold")["id"]
    contacts = [{"name": "Ann Blue", "address": ANN}]
    api.post("/partners", name="Blue Ltd", contacts=contacts, category_ids=[gold])
    good = api.post("/partner-categories", name="Good supplier")["id"]
    # At rest: Blue Ltd shall not change under those who look at it.
    grades = [{"category_id": good, "most_cases": 0}, {"category_id": gold}]
    api.post("/gradings", name="Repairs", kind="repair", active=False, grades=grades)
    day = [["08:00", "12:00"], ["13:00", "17:00"]]
    api.post("/calendars", name="Office hours", hours=[*[day] * 5, [], []])


def _accounts(api: Api, peer: SmtpPeer) -> None:
    api.post("/accounts/outgoing", **peer.account(address=SUPPORT))
    api.post("/accounts/outgoing/out/approve", 204)
    pipe = {"name": "pipe", "protocol": "pipe", "address": SUPPORT}
    api.post("/accounts/incoming", **pipe, new_case={"section_id": 1})
    api.post("/accounts/incoming/pipe/approve", 204)


def _cases(desk: FullDesk, api: Api) -> None:
    for place in range(10):
        made = api.post(
            "/cases",
            subject=f"Belt of line {place} is torn",
            state=STATES[place % 5],
            tags=["full"],
            priority=("low", "normal", "high", "highest")[place % 4],
            responsible="eve" if place % 2 else None,
            partner="Blue Ltd" if place % 3 else None,
            deadline=f"20{20 + 10 * (place % 2)}-01-01T08:00:00Z" if place % 4 == 0 else None,
        )
        desk.subjects.append(made["subject"])
    case = api.post(
        "/cases",
        subject="A repair with everything on it",
        description="Ground floor.",
        kind="repair",
        state="open",
        partner="Blue Ltd",
        contact_address=ANN,
        section_id=1,
        tags=["full", "line 2"],
        custom={"serial": "X-1", "model": "A4"},
        deadline="2030-01-01T08:00:00Z",
    )
    path = f"/cases/{case['number']}"
    api.post(f"{path}/quality-actions", text="Replace the roller", owner_id=1, due="2020-01-01")
    other = api.post("/cases", subject="The same again", state="open", partner="Blue Ltd")
    api.post(f"{path}/links", other=other["number"], relation="follows")
    api.post(f"{path}/messages", kind="note", text="Only for us.")
    text = "First words.\n\n> What was said before.\n> And more of it.\n"
    api.post(f"{path}/messages", kind="reply", text=text)
    desk.case = case["number"]


def _meetings(desk: FullDesk, api: Api) -> None:
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    fields: dict[str, Any] = {"kind": "meeting", "state": "open", "duration_minutes": 60}
    meeting = api.post("/cases", subject="Plan the belt", start=monday.isoformat(), **fields)
    for place in range(5):
        start = (monday + timedelta(days=1, minutes=30 * place)).isoformat()
        who = {"responsible": "eve"} if place % 2 else {}
        api.post("/cases", subject=f"Talk {place}", start=start, **fields, **who)
    weekly = (monday + timedelta(days=3)).isoformat()
    api.post("/cases", subject="Weekly", start=weekly, recurrence="FREQ=WEEKLY", **fields)
    desk.meeting = meeting["number"]


def _words(desk: FullDesk, api: Api) -> None:
    api.post("/templates", name="It came in", subject="We have it", text="Case {{ case.number }}.")
    actions = [{"do": "set_priority", "priority": "high"}, {"do": "add_tags", "tags": ["hot"]}]
    criteria = {"state_to": "open", "subject_contains": "no case has this"}
    desk.rule = api.post("/rules", name="Hot ones first", criteria=criteria, actions=actions)[
        "rule"
    ]["id"]
    api.post("/saved-filters", name="Torn belts", question="tag=full&state=open")
    api.post("/calendar-feeds", name="On my telephone")


def _mails(desk: FullDesk, api: Api) -> None:
    for raw in (UNREADABLE, AWAY, LETTER):
        assert desk.system.deliver(raw) == 0

    def filed() -> Any:
        found = api.get("/mails", status="filed", q="smokes")["items"]
        return found[0] if found and found[0]["filed"] else None

    mail = wait_for(filed, "the mail on its case")
    desk.mail = mail["id"]
    api.post(f"/cases/{mail['case_number']}/messages", kind="reply", text="Use water, not oil.")
    desk.portal = wait_for(lambda: _link(desk.peer), "the mail with the portal's link")


def _link(peer: SmtpPeer) -> str | None:
    for one in list(peer.mails):
        body = read(one).get_body(("plain",))
        text = body.get_content() if body else ""
        found = LINK.search(text)
        if found and "Use water" in text:
            return found[1]
    return None


def pages_of(desk: FullDesk) -> dict[str, str]:
    """Each page of the desk by a name; the first shows the navigation as all others do."""
    case, rule, mail = f"/cases/{desk.case}", f"/rules/{desk.rule}", f"/mails/{desk.mail}"
    return {
        "list": "/cases?state=open",
        "list-grouped": "/cases?group=state",
        "list-nothing": "/cases?q=nothingfound",
        "board": "/cases/board?tag=full",
        "graph": "/cases/graph?by=section&then=state",
        "week": "/calendar",
        "month": "/calendar?view=dayGridMonth",
        "agenda": "/calendar?view=listWeek",
        "case": case,
        "case-edit": f"{case}/edit",
        "case-merge": f"{case}/merge",
        "meeting": f"/cases/{desk.meeting}",
        "meeting-move": f"/cases/{desk.meeting}/meeting",
        "new-case": "/new-case",
        "new-meeting": "/new-case?kind=meeting",
        **{name.strip("/").replace("/", "-"): name for name in PLAIN_PAGES},
        "rule": rule,
        "rule-edit": f"{rule}/edit",
        "rule-try": f"{rule}/try",
        "rule-delete": f"{rule}/delete",
        "mail": mail,
        "mail-source": f"{mail}/source",
        "quality-actions": "/quality-actions?whose=all",
        "report-of-two": "/report?by=kind&by=state",
    }


PLAIN_PAGES = (
    *("/first-steps", "/report", "/rates", "/filters", "/calendar/feeds", "/keys"),
    *("/partners", "/partners/new", "/partners/1", "/sections", "/sections/1", "/categories"),
    *("/categories/1", "/partner-categories", "/kinds", "/kinds/repair", "/users", "/users/1"),
    *("/users/new", "/users/sign-ins", "/me", "/me/two-factor", "/rules", "/rules/new"),
    *("/templates", "/templates/1", "/templates/new", "/calendars", "/calendars/1"),
    *("/accounts", "/accounts/incoming/new", "/accounts/outgoing/new", "/accounts/incoming/pipe"),
    *("/accounts/incoming/pipe/delete", "/mails", "/mails/filters", "/outgoing-mails"),
    *("/gradings", "/gradings/new", "/gradings/1", "/gradings/1/edit", "/gradings/1/delete"),
    *("/api/docs", "/api/docs/getCase"),
)
