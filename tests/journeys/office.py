"""A company with the shipped example rules: what the text behind this product describes."""

from __future__ import annotations

import email
import email.policy
import itertools
from email.message import EmailMessage
from typing import Any, cast

from builders.mail_program import answer_to, new_mail
from support.smtp_peer import SmtpPeer
from support.system import Api, RunningSystem, wait_for

SUPPORT, COMPLAINTS = "support@ours.example", "complaints@ours.example"
DEMO, STAN, LEA = "demo@ours.example", "stan@ours.example", "lea@ours.example"
TINA, NINA, PAUL = "tina@ours.example", "nina@ours.example", "paul@ours.example"
EXPERT = "expert@mycompany.example"
LEAS_PASSWORD = "the password of Lea"
EXAMPLES = ("helpdesk", "teamwork", "suppliers", "contracts")


class Office:
    """A running system, its people, its rules, and all the mails that went out."""

    def __init__(self, system: RunningSystem, peer: SmtpPeer) -> None:
        self.system, self.peer = system, peer
        self.api: Api = system.api()
        self.users: dict[str, int] = {}
        self.sections: dict[str, int] = {}
        self._subjects = itertools.count(1)
        self._people()
        self._sections()
        self._names()
        self._accounts()
        for name in EXAMPLES:
            system.run_module("services.rules", "load", f"services/rules/examples/{name}.yaml")

    def _people(self) -> None:
        people = {
            "stan": ("Stan Standin", STAN, {}),
            "demo": ("Demo User", DEMO, {}),
            "lea": ("Lea Leveltwo", LEA, {"password": LEAS_PASSWORD, "role": "manager"}),
            "tina": ("Tina Technician", TINA, {}),
            "nina": ("Nina Quality", NINA, {}),
            "paul": ("Paul Production", PAUL, {}),
        }
        for login, (name, address, more) in people.items():
            made = self.api.post("/users", login=login, name=name, address=address, **more)
            self.users[login] = made["id"]

    def _sections(self) -> None:
        made: dict[str, Any] = {
            "Technical services": {"manager_id": self.users["tina"]},
            "Level 2": {"manager_id": self.users["lea"]},
            "Production": {"manager_id": self.users["paul"]},
        }
        for name, fields in made.items():
            fields["reply_address"] = SUPPORT if name != "Production" else COMPLAINTS
            self.sections[name] = self.api.post("/sections", name=name, **fields)["id"]
        self.sections["Quality"] = self.api.post(
            "/sections",
            name="Quality",
            reply_address=COMPLAINTS,
            close_on_partner_answer=True,
            escalation_id=self.sections["Production"],
        )["id"]
        first = self.api.get("/sections/1")
        self.api.patch(
            "/sections/1",
            version=first["version"],
            reply_address=SUPPORT,
            escalation_id=self.sections["Level 2"],
        )

    def _names(self) -> None:
        self.api.post("/categories", name="Technical fault")
        contract = self.api.post("/partner-categories", name="Support Contract")["id"]
        groups = {
            "Gold": self.api.post("/partner-categories", name="Gold", parent_id=contract)["id"],
            "Normal": self.api.post("/partner-categories", name="Normal", parent_id=contract)["id"],
            "Major client": self.api.post("/partner-categories", name="Major client")["id"],
        }
        self.groups = groups
        day = [["09:00", "17:00"]]
        self.api.post("/calendars", name="Office hours", hours=[*[day] * 5, [], []])

    def _accounts(self) -> None:
        self.api.post("/accounts/outgoing", **self.peer.account(address=SUPPORT))
        self.api.post("/accounts/outgoing/out/approve", 204)
        quality = {"kind": "quality", "section_id": self.sections["Quality"]}
        self.api.post(
            "/accounts/incoming",
            name="complaints",
            protocol="pipe",
            address=COMPLAINTS,
            new_case=quality,
        )
        self.api.post("/accounts/incoming/complaints/approve", 204)

    # What people do

    def partner(self, name: str, address: str, group: str | None = None, **more: Any) -> None:
        """Somebody we deal with."""
        categories = [self.groups[group]] if group else []
        contacts = [{"name": name, "address": address}]
        self.api.post("/partners", name=name, contacts=contacts, category_ids=categories, **more)

    def writes(self, sender: str, subject: str, text: str) -> str:
        """Somebody writes to support; the subject, which is like no other."""
        subject = f"{subject} ({next(self._subjects)})"
        self.deliver(new_mail(sender, SUPPORT, subject, text))
        return subject

    def complains(self, supplier: str, subject: str, text: str) -> EmailMessage:
        """Nina complains to a supplier, with the gateway in copy; what he gets."""
        subject = f"{subject} ({next(self._subjects)})"
        mail = new_mail(NINA, supplier, subject, text, cc=COMPLAINTS)
        self.deliver(mail, "--account", "complaints")
        return mail

    def answers(self, received: EmailMessage, sender: str, text: str) -> None:
        """Somebody answers a mail he got, to all who have it."""
        answer = answer_to(received, sender, text)
        if "Cc" in received:
            answer["Cc"] = str(received["Cc"])
        self.deliver(answer, *(("--account", "complaints") if "Cc" in received else ()))

    def deliver(self, mail: EmailMessage, *account: str) -> None:
        assert self.system.deliver(mail.as_bytes(), *account) == 0

    def days_later(self, days: float) -> None:
        """The rules service was stopped, and starts again when so many days have gone by."""
        self.system.kill("rules")
        self.system.start_service("rules", days_ahead=days)
        self.system.wait_until_ready("rules")

    # What is to be seen

    def case(self, subject: str, **values: Any) -> dict[str, Any]:
        """The case of this subject, once it holds these values (a name for what has a name)."""

        def found() -> dict[str, Any] | None:
            listed = [one for one in self.api.get("/cases")["items"] if one["subject"] == subject]
            if len(listed) != 1:
                return None
            case = dict(self.api.get(f"/cases/{listed[0]['number']}"))
            told = {
                name: case[name]["name"] if isinstance(case[name], dict) else case[name]
                for name in values
            }
            return case if told == values else None

        return wait_for(found, f"a case {subject!r} with {values}", 30)

    def mail(self, address: str, *words: str) -> EmailMessage:
        """A mail to the address that holds all these words, in its subject or its text."""
        return wait_for(lambda: self._mail(address, words), f"a mail to {address} with {words}", 30)

    def got(self, address: str, *words: str) -> bool:
        """Whether there is such a mail by now."""
        return self._mail(address, words) is not None

    def _mail(self, address: str, words: tuple[str, ...]) -> EmailMessage | None:
        for delivered in list(self.peer.mails):
            if address not in delivered.recipients:
                continue
            parsed = email.message_from_bytes(delivered.raw, policy=email.policy.default)
            mail = cast(EmailMessage, parsed)
            body = mail.get_body(("plain",))
            text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
            if all(word in text for word in words):
                return mail
        return None

    def fired(self, number: int, rule: str) -> int:
        """How often the history of a case says that this rule acted."""
        history = self.api.get(f"/cases/{number}")["history"]
        return len({e["event_id"] for e in history if f"rule “{rule}”" in e["reason"]})
