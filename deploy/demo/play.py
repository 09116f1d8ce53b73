"""Telling the stories: each round every story takes its next turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.api import Api
from deploy.demo.errors import DemoError, DoneBefore, Refused, Stale
from deploy.demo.patience import wait_for
from deploy.demo.post_office import deliver, letter
from deploy.demo.relations import link_complaints
from deploy.demo.story import Story, Turn

TRIES = 8
PATIENCE_SECONDS = 60.0

Say = Callable[[str], None]


@dataclass
class Play:
    """The stage: who acts (by the user's id), the sections, and which case a story has become."""

    seed: int
    admin: Api
    agents: Mapping[int, Api]
    users: Mapping[str, int]
    sections: Mapping[int, Mapping[str, Any]]
    say: Say
    numbers: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def run(self, stories: Sequence[Story]) -> None:
        """Tell them all. Raises DemoError."""
        self._open_by_mail([story for story in stories if story.by == "mail"])
        self._open_by_hand([story for story in stories if story.by == "hand"])
        for at in range(max(len(story.turns) for story in stories)):
            going_on = [story for story in stories if at < len(story.turns)]
            self.say(f"round {at + 1}: {len(going_on)} cases go on")
            self._round(going_on, at)
        link_complaints(self.admin, f"demo {self.seed}", stories, self.numbers)

    def _open_by_mail(self, stories: Sequence[Story]) -> None:
        self.say(f"customers write {len(stories)} mails")
        deliver([self._first_letter(story) for story in stories])
        missing = wait_for(
            stories,
            self._is_open,
            PATIENCE_SECONDS,
            lambda come, of: self.say(f"  {come} of {of} are cases"),
        )
        if missing:
            raise DemoError(
                f"no case came of {len(missing)} mails: is every service ready, and are "
                "CASEWIRE_HOME and DATABASE_URL those of the running system?"
            )
        idle = wait_for(stories, self._is_assigned, PATIENCE_SECONDS)
        if idle:
            self.say(f"  no rule has assigned {len(idle)} of them; the administrator answers those")

    def _first_letter(self, story: Story) -> Any:
        assert story.contact is not None
        return letter(
            f"{self.seed}.{story.key}",
            story.contact,
            self._section(story)["reply_address"],
            story.subject,
            story.text,
            in_copy=story.in_copy,
            with_photo=story.with_photo,
        )

    def _is_open(self, story: Story) -> bool:
        """Whether the mail has become a case; its number is remembered."""
        assert story.contact is not None
        for case in self.admin.get("/cases", q=story.subject)["items"]:
            contact = case["contact"] or {}
            if (case["subject"], contact.get("address")) == (story.subject, story.contact.address):
                self.numbers[story.key] = case["number"]
                return True
        return False

    def _is_assigned(self, story: Story) -> bool:
        return self._case(story)["responsible"] is not None

    def _open_by_hand(self, stories: Sequence[Story]) -> None:
        self.say(f"agents open {len(stories)} cases by hand")
        for story in stories:
            self.numbers[story.key] = self._opened(story)

    def _opened(self, story: Story) -> int:
        """Its number; of one that was opened on another day, when its dates were others, too."""
        opener = self.agents[self.users[story.opener]]
        given = {"subject": story.subject, "description": story.text, "section": story.section}
        try:
            key = f"demo {self.seed} {story.key}"
            made = opener.post("/cases", key, **given, **story.fields)
        except DoneBefore as error:
            found = self.admin.get("/cases", q=story.subject)["items"]
            made = next((case for case in found if case["subject"] == story.subject), None)
            if made is None:
                raise DemoError(f"a case cannot be opened: {error}") from error
        return int(made["number"])

    def _round(self, stories: Sequence[Story], at: int) -> None:
        writing = [story for story in stories if story.turns[at].do == "customer"]
        for story in stories:
            if story.turns[at].do != "customer":
                self._act(story, at)
        deliver([self._answer(story, at) for story in writing])
        silent = wait_for(
            writing, lambda story: self._has_arrived(story, story.turns[at]), PATIENCE_SECONDS
        )
        if silent:
            raise DemoError(f"{len(silent)} answers by mail did not reach their cases")

    def _act(self, story: Story, at: int) -> None:
        """What one of ours does; when somebody changed the case meanwhile, once more."""
        key = f"demo {self.seed} {story.key} {at}"
        for attempt in range(1, TRIES + 1):
            case = self._case(story)
            if _has_happened(story.turns[at], case, story.section):
                return None
            try:
                return self._do(story.turns[at], case, key)
            except Stale:
                if attempt == TRIES:
                    raise DemoError(f"case {case['number']} does not come to rest") from None
            except DoneBefore:
                return None
            except Refused as error:
                return self.refused.append(str(error))

    def _do(self, turn: Turn, case: Mapping[str, Any], key: str) -> None:
        agent = self._agent(case)
        path, version = f"/cases/{case['number']}", case["version"]
        match turn.do:
            case "sort":
                agent.patch(path, key, version=version, **turn.fields)
            case "reply":
                minutes = 5 + len(turn.text) % 40
                agent.post(
                    f"{path}/messages", key, kind="reply", text=turn.text, minutes_spent=minutes
                )
            case "note":
                agent.post(f"{path}/messages", key, kind="note", text=turn.text)
            case "escalate":
                agent.post(f"{path}/escalate", key, version=version)
            case "quality":
                owner = _id(case["responsible"]) or None
                fields = {**turn.fields, "text": turn.text, "owner_id": owner}
                agent.post(f"{path}/quality-actions", key, **fields)
            case state:
                agent.post(f"{path}/state", key, version=version, state=state)

    def _agent(self, case: Mapping[str, Any]) -> Api:
        """Who looks after the case; without anybody, the section's manager."""
        section = self.sections.get(_id(case["section"]), {})
        user_id = _id(case["responsible"]) or section.get("manager_id")
        return self.agents.get(user_id or 0, self.admin)

    def _answer(self, story: Story, at: int) -> Any:
        """The contact answers: the number in the subject leads to the case."""
        assert story.contact is not None
        case = self._case(story)
        section = self.sections.get(_id(case["section"]), self._section(story))
        subject = f"Re: [{case['number']}] {story.subject}"
        key = f"{self.seed}.{story.key}.{at}"
        return letter(key, story.contact, section["reply_address"], subject, story.turns[at].text)

    def _has_arrived(self, story: Story, turn: Turn) -> bool:
        return _is_said(turn.text, self._case(story))

    def _section(self, story: Story) -> Mapping[str, Any]:
        return next(one for one in self.sections.values() if one["name"] == story.section)

    def _case(self, story: Story) -> dict[str, Any]:
        return dict(self.admin.get(f"/cases/{self.numbers[story.key]}"))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _has_happened(turn: Turn, case: Mapping[str, Any], section: str) -> bool:
    """Whether an earlier run, or a rule, has done it: the demo may be started again."""
    if turn.do in ("reply", "note"):
        return _is_said(turn.text, case)
    if turn.do == "quality":
        return any(one["text"] == turn.text for one in case["quality_actions"])
    if turn.do == "escalate":
        return bool(case["section"] and case["section"]["name"] != section)
    return bool(case["state"] == turn.do)


def _is_said(text: str, case: Mapping[str, Any]) -> bool:
    wanted = _squeezed(text)
    return any(
        wanted == _squeezed(f"{message['text']} {message['quoted']}")
        for message in case["messages"]
    )


def _id(named: Mapping[str, Any] | None) -> int:
    return int(named["id"]) if named else 0
