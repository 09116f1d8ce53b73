"""A case event as it is kept to rehearse rules with: what judging it once more needs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from services.contracts.cases import CaseData, CaseEvent
from services.contracts.envelope import Actor, Link, Part
from services.contracts.rules import RuleStopped
from services.rules.model.chain import rules_in, tells_of_a_stop
from services.rules.model.transition import CameFrom, KnownCase
from services.rules.model.waiting import Heard, learned

ActorKind = Literal["user", "partner", "watcher", "stranger", "rule", "system"]
_ACTORS = {kind: Actor(kind=kind) for kind in get_args(ActorKind)}
_A_STOP = Link(kind="event", id="", name=RuleStopped.TYPE)


class PastEvent(Part):
    """`chain` are the ids of the rules that led to it; `came_from` is that of the KnownCase.

    Of the `data` only what judging needs. A case that was created changed throughout: its
    changes are left out.
    """

    type: str
    data: CaseData
    came_from: CameFrom = "unknown"
    actor: ActorKind = "user"
    chain: tuple[str, ...] = ()
    tells_of_a_stop: bool = False

    @property
    def known(self) -> KnownCase:
        """The case as it stood behind the event."""
        return KnownCase(self.data.case, self.came_from)

    def event(self, at: datetime) -> CaseEvent:
        """The event that happened at this moment, as far as it is kept."""
        cause = tuple(Link(kind="rule", id=id) for id in self.chain)
        case = self.data.case
        return CaseEvent.model_construct(
            id="",
            type=self.type,
            occurred_at=at,
            case_id=case.number,
            version=case.version,
            actor=_ACTORS[self.actor],
            cause=(*cause, _A_STOP) if self.tells_of_a_stop else cause,
            data=self.data,
        )


def past_event(event: CaseEvent, known: KnownCase | None) -> PastEvent:
    """What is kept; `known` is the case behind the event where that is not known better."""
    data = event.data
    return PastEvent(
        type=event.type,
        data=CaseData(
            case=data.case,
            state_before=data.state_before,
            changes=data.changes if data.state_before else (),
        ),
        came_from=known.came_from if known else "unknown",
        actor=event.actor.kind,
        chain=tuple(link.id for link in rules_in(event.cause)),
        tells_of_a_stop=tells_of_a_stop(event.cause),
    )


class Following:
    """Cases followed event by event, in the order of their versions."""

    def __init__(self, heard: dict[int, Heard]) -> None:
        self._heard = dict(heard)

    def learn(self, event: CaseEvent) -> KnownCase | None:
        """The case behind the event; None when a later one of it was heard already."""
        known = learned(self._heard.get(event.case_id), event)
        if known is not None:
            since = known.case.state_since
            self._heard[event.case_id] = Heard(event.version, known.came_from, since)
        return known
