"""A world of random cases, rules and people, whose clock is moved; cases obey what is ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from unit.rules.rules_builders import event

from services.contracts.cases import (
    CaseCreated,
    CaseEvent,
    CaseMessageAdded,
    CaseSnapshot,
    CaseUpdated,
    Change,
    MessageAdded,
    Ref,
)
from services.contracts.envelope import Actor, Envelope, Link
from services.contracts.rules import RuleFired, WorkingCalendar

BEGIN = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)  # the clock of Berlin is put on on the 29th
HALF_HOUR = timedelta(minutes=30)
STATES = ("draft", "open", "pending", "done", "cancelled")
PERSON = Actor(kind="user", id=3, name="Ann Agent")
NOTE = MessageAdded(message_number=1, kind="note", direction="internal", author="Ann Agent")
OFFICE = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "hours": [[["09:00", "12:00"], ["13:00", "17:30"]]] * 5 + [[], []],
    "closed_days": ["2026-03-27"],
}
NIGHTS = {
    "name": "Nights",
    "time_zone": "America/New_York",
    "hours": [[["00:00", "06:00"], ["22:00", "24:00"]]] * 7,
}
CALENDARS = {
    id: WorkingCalendar.model_validate({"id": id, **fields})
    for id, fields in enumerate((OFFICE, NIGHTS), 1)
}


class World:
    """All that happens comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.cases: dict[int, CaseSnapshot] = {}

    def rule(self, number: int) -> dict[str, Any]:
        """The fields of a rule; about half of them go by a date."""
        pick, likely = self.random.choice, self._likely
        actions = [self._action() for _ in range(pick((1, 1, 2)))]
        trigger = self._trigger() if likely(0.5) else {}
        stop = not trigger and likely(0.2)
        return {
            "name": f"Rule {number}",
            "order": self.random.randint(1, 3),
            "active": likely(0.9),
            "stop": stop,
            "criteria": self._criteria(),
            "trigger": trigger,
            "actions": [] if stop and likely(0.5) else actions,
        }

    def new_case(self, number: int, moment: datetime) -> CaseEvent:
        """Somebody opens a case."""
        times = dict.fromkeys(("created_at", "last_action_at", "state_since"), moment)
        state = self.random.choice(STATES[:3])
        case = CaseSnapshot(
            number=number, version=1, subject="", kind="helpdesk", state=state, **times
        )
        case = case.model_copy(update=self._fields(moment, every=True))
        self.cases[number] = case
        return event(CaseCreated, case, None, changes=(Change(field="state"),), at=moment)

    def act(self, number: int, moment: datetime) -> CaseEvent:
        """A person changes something of the case, or writes a note."""
        case = self.cases[number]
        new = self._fields(moment, every=False) if self._likely(0.7) else {}
        if self._likely(0.25) and case.response_deadline:
            new["responded_at"] = moment
        if self._likely(0.02):
            new |= {"merged_into": 1, "state": "cancelled"}
        new["last_action_at"] = moment
        if new.keys() - {"last_action_at"}:
            return self._changed(CaseUpdated, number, new, moment)
        return self._changed(CaseMessageAdded, number, new, moment, message=NOTE)

    def obey(self, message: Envelope, moment: datetime) -> CaseEvent:
        """Cases does what a rule orders, and writes it down even where nothing changes."""
        number = message.case_id or 0
        new: dict[str, Any] = {}
        case = self.cases[number]
        for action in message.data.actions if isinstance(message, RuleFired) else ():
            match action.do:
                case "set_priority":
                    new["priority"] = action.priority
                case "set_state":
                    new["state"] = action.state
                case "add_tags":
                    new["tags"] = tuple(dict.fromkeys((*case.tags, *action.tags)))
                case "set_deadline":
                    which = "deadline" if action.which == "resolution" else "response_deadline"
                    new[which] = action.moment
        cause = message.caused()
        return self._changed(CaseUpdated, number, new, moment, actor=message.actor, cause=cause)

    def _changed(
        self, kind: type[CaseEvent], number: int, new: dict[str, Any], moment: datetime, **how: Any
    ) -> CaseEvent:
        before = self.cases[number]
        if new.get("state", before.state) != before.state:
            new["state_since"] = moment
        after = before.model_copy(update={**new, "version": before.version + 1})
        self.cases[number] = after
        made = {"actor": PERSON, "at": moment, **how}
        return event(kind, after, before.state, changes=_changes(before, after), **made)

    def _fields(self, moment: datetime, *, every: bool) -> dict[str, Any]:
        """Values for a case: for each field, or for a few of them."""
        pick, within = self.random.choice, self._moment
        ref = lambda most: pick((None, *(Ref(id=n, name=f"#{n}") for n in range(1, most + 1))))  # noqa: E731
        made: dict[str, Any] = {
            "state": lambda: pick(STATES[:3] if every else STATES),
            "priority": lambda: pick(("low", "normal", "high")),
            "kind": lambda: pick(("claim", "helpdesk")),
            "subject": lambda: pick(("Fire!", "the printer burns", "hello", "ABBA")),
            "section": lambda: ref(2),
            "section_path": lambda: pick(((), (1,), (2, 1), (2, 3))),
            "category": lambda: ref(2),
            "responsible": lambda: ref(2),
            "partner": lambda: ref(2),
            "partner_categories": lambda: pick(((), (1,), (2, 1), (3,))),
            "tags": lambda: pick(((), ("vip",), ("urgent", "vip"))),
            "custom": self._custom,
            "deadline": lambda: pick((None, within(moment))),
            "response_deadline": lambda: pick((None, within(moment))),
            "start": lambda: pick((None, within(moment))),
        }
        names = list(made) if every else self.random.sample(list(made), pick((1, 1, 2, 3)))
        return {name: made[name]() for name in names}

    def _custom(self) -> dict[str, Any]:
        pick = self.random.choice
        made = {
            "serial": pick((None, "X-1", "x-2")),
            "pages": pick((None, 12, 12.5)),
            "bought": pick((None, "2026-01-01")),
            "expert": pick((None, {"id": 1, "name": "Eve"}, {"id": 2, "name": "Bob"})),
        }
        return {code: value for code, value in made.items() if value is not None}

    def _criteria(self) -> dict[str, Any]:
        pick = self.random.choice
        asked: dict[str, Any] = {
            "section_id": pick((1, 2, 3)),
            "category_id": pick((1, 2)),
            "responsible_id": pick((1, 2)),
            "partner_id": pick((1, 2)),
            "partner_category_id": pick((1, 2, 3)),
            "priority": pick(("low", "normal", "high")),
            "kind": pick(("claim", "helpdesk")),
            "subject_contains": pick(("fire", "PRINT", "bb", "o")),
            "tag": pick(("VIP", "urgent", "slow")),
            "custom": dict([pick(CUSTOM_WANTED)]),
        }
        names = self.random.sample(list(asked), pick((0, 1, 1, 1, 2, 2)))
        made = {name: asked[name] for name in names}
        if "section_id" in made:
            made["with_subsections"] = self._likely(0.5)
        if self._likely(0.6):
            made["state_from"] = pick(("any", "none", *STATES))
            made["state_to"] = pick(("any", *STATES, made["state_from"].replace("none", "any")))
        return made

    def _trigger(self) -> dict[str, Any]:
        dates = ("creation", "last_action", "deadline", "response_deadline", "state", "start")
        at_once = {"delay": 0} if self._likely(0.25) else {}
        return {"date": self.random.choice(dates), **self._delay(-1), **at_once}

    def _delay(self, least: int) -> dict[str, Any]:
        unit, most = self.random.choice(
            (("minutes", 20), ("hours", 20), ("days", 4), ("months", 1))
        )
        delay = self.random.randint(least * most, most) * (30 if unit == "minutes" else 1)
        calendar = self.random.choice((None, *CALENDARS))
        return {"unit": unit, "delay": delay, "calendar_id": calendar}

    def _action(self) -> dict[str, Any]:
        pick = self.random.choice
        since = pick(("creation", "now"))
        which = pick(("response", "resolution"))
        return pick(
            (
                {"do": "set_priority", "priority": pick(("low", "normal", "high"))},
                {"do": "set_state", "state": pick(STATES)},
                {"do": "add_tags", "tags": [pick(("vip", "urgent"))]},
                {"do": "add_note", "text": "Look at it"},
                {"do": "set_deadline", "since": since, "which": which, **self._delay(0)},
            )
        )

    def _moment(self, near: datetime) -> datetime:
        return near + self.random.randint(-100, 300) * HALF_HOUR

    def _likely(self, chance: float) -> bool:
        return self.random.random() < chance


CUSTOM_WANTED = (
    ("serial", "x-1"),
    ("serial", "X-2"),
    ("pages", 12),
    ("pages", 12.5),
    ("bought", "2026-01-01"),
    ("expert", 1),
    ("expert", 2),
)


def _changes(before: CaseSnapshot, after: CaseSnapshot) -> tuple[Change, ...]:
    derived = {"version", "last_action_at", "state_since", "section_path"}
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return tuple(
        Change(field=name, before=old[name], after=new[name])
        for name in new
        if name not in derived and old[name] != new[name]
    )


def chain(cause: Sequence[Link]) -> tuple[str, ...]:
    return tuple(link.id for link in cause)
