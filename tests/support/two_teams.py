"""Two teams in one system: North has secrets of every kind, and nobody of South may see them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import requests
from support.system import Api, RunningSystem, wait_for

SOUTH = "password of the south"
WATCHER = "watcher-qxwatcher@north.example"
# One word for each place where a secret stands; no other text of the system holds any.
MARKS = tuple(
    f"qx{place}"
    for place in (
        *("subject", "description", "note", "reply", "filename", "content", "tag", "custom"),
        *("contact", "watcher", "action", "former", "merged", "split", "filter", "feed", "meeting"),
        *("mailsubject", "mailtext", "mailsender", "mailfile"),
    )
)


@dataclass
class TwoTeams:
    """What North has, by the admin's hand; `agent` and `manager` are of South."""

    system: RunningSystem
    admin: Api
    hidden: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)

    def token(self, login: str) -> str:
        """A new token of somebody of South."""
        answer = requests.post(
            f"{self.admin.base}/tokens", json={"name": login, "password": SOUTH}, timeout=30
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])


def two_teams(system: RunningSystem) -> TwoTeams:
    """Make them, with all that North hides."""
    made = TwoTeams(system, system.api())
    people = {
        role: made.admin.post(
            "/users",
            login=f"south-{role}",
            name=f"South {role}",
            role=role,
            password=SOUTH,
            sees="sections",
            address=f"{role}@south.example",
        )["id"]
        for role in ("agent", "manager", "read-only")
    }
    north = made.admin.post("/sections", name="North", reply_address="north@ours.example")["id"]
    south = made.admin.post("/sections", name="South", member_ids=list(people.values()))["id"]
    made.admin.post(
        "/kinds", code="visit", name="Visit", dated=True, fields=[{"code": "room", "name": "Room"}]
    )
    made.shown = [_case(made.admin, south, subject=f"Plain {n}")["number"] for n in range(3)]
    _plant_case(made, north)
    _plant_relations(made, north)
    _plant_own_things(made)
    _plant_mail(made, north)
    return made


def _case(admin: Api, section: int, **fields: Any) -> Any:
    return admin.post("/cases", section_id=section, state="open", **fields)


def _plant_case(made: TwoTeams, north: int) -> None:
    admin = made.admin
    case = _case(
        admin,
        north,
        subject="old qxformer",
        description="qxdescription",
        tags=["qxtag"],
        contact_address="qxcontact@partner.example",
        kind="visit",
        custom={"room": "qxcustom"},
        watchers=[{"address": WATCHER}],
        start="2026-11-25T10:00:00Z",
        duration_minutes=60,
        estimated_revenue="12.5",
    )
    number = case["number"]
    made.hidden.append(number)
    case = admin.patch(f"/cases/{number}", version=case["version"], subject="qxsubject qxmeeting")
    files = {"file": ("qxfilename.txt", io.BytesIO(b"qxcontent"))}
    stored = admin._session.post(f"{admin.base}/files", files=files, timeout=30).json()
    admin.post(f"/cases/{number}/messages", kind="note", text="qxnote", attachments=[stored])
    admin.post(f"/cases/{number}/messages", kind="reply", text="qxreply")
    admin.post(f"/cases/{number}/quality-actions", text="qxaction", due="2026-12-01")


def _plant_relations(made: TwoTeams, north: int) -> None:
    """What is linked with a case that South sees, merged, and split off."""
    admin, first = made.admin, made.hidden[0]
    admin.post(f"/cases/{made.shown[0]}/links", other=first, relation="follows")
    gone = _case(admin, north, subject="qxmerged")
    admin.post(f"/cases/{gone['number']}/merge", 200, version=gone["version"], into=first)
    version = admin.get(f"/cases/{first}")["version"]
    split = admin.post(
        f"/cases/{first}/split", version=version, message_number=1, subject="qxsplit"
    )
    made.hidden += [gone["number"], split["number"]]


def _plant_own_things(made: TwoTeams) -> None:
    """What is somebody's alone: another's saved filter, and his calendar feed."""
    made.admin.post("/saved-filters", name="qxfilter", question="tag=qxtag")
    made.admin.post("/calendar-feeds", name="qxfeed")


def _plant_mail(made: TwoTeams, north: int) -> None:
    admin = made.admin
    admin.post(
        "/accounts/incoming",
        name="north",
        protocol="pipe",
        address="north@ours.example",
        new_case={"section_id": north},
    )
    admin.post("/accounts/incoming/north/approve", 204)
    mail = EmailMessage()
    mail["From"], mail["To"] = "qxmailsender@partner.example", "north@ours.example"
    mail["Subject"], mail["Message-ID"] = "qxmailsubject", "<qx1@partner.example>"
    mail.set_content("qxmailtext")
    mail.add_attachment(b"qxmailfile", "text", "plain", filename="qxmailfile.txt")
    assert made.system.deliver(mail.as_bytes(), "--account", "north") == 0

    def arrived() -> bool:
        found = admin.get("/cases", q="qxmailsubject")["items"]
        made.hidden += [one["number"] for one in found]
        return bool(found)

    wait_for(arrived, "the case of the mail")
    made.mails = [one["id"] for one in admin.get("/mails")["items"]]
    # Before anybody looks: reports and rules have taken all of it in.
    wait_for(lambda: _in_report(admin, len(made.hidden)), "the cases in the report")


def _in_report(admin: Api, hidden: int) -> bool:
    rows = admin.get("/reports", by="custom.room")["items"]
    return any(row["custom"].get("room") == "qxcustom" for row in rows) and bool(hidden)
