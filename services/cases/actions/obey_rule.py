"""A rule fired: its actions are carried out in one go, and the history says so (A3, A4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.find_assignee import find_assignee
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.mails import responsible_address
from services.cases.actions.merged import refuse_merged
from services.cases.actions.rule_mails import RuleMail, mail_of, order_rule_mail, write_of
from services.cases.actions.values import category_values, responsible_values, section_values
from services.cases.errors import ActionFailed
from services.cases.model.states import MOVES
from services.cases.model.tags import tidy_tags
from services.contracts import rules
from services.contracts.cases import CaseSnapshot, FiringOutcome, State, Watcher
from services.contracts.envelope import Envelope
from services.contracts.errors import ContractError
from services.messaging.transaction import Transaction


@dataclass
class _Plan:
    """What the actions come to: values of the case, mails and notes to write, and refusals."""

    values: dict[str, Any] = field(default_factory=dict)
    escalated: bool = False
    writing: list[tuple[Any, RuleMail | None]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        return [mail.told for _, mail in self.writing if mail is not None]


def obey_rule(transaction: Transaction, message: Envelope) -> None:
    """Carry out `rule.fired`; what cannot be done is named in the history."""
    fired = cast(rules.RuleFired, message)
    before = store.get(transaction.connection, fired.case_id)
    plan = _plan(transaction, before, fired.data.actions)
    origin = _origin(fired, plan.told, plan.refused)
    outcome = FiringOutcome(
        firing_id=fired.data.firing_id, changed=True, refused=tuple(plan.refused)
    )
    after = ledger.change(
        transaction, origin, before, plan.values, escalated=plan.escalated, firing=outcome
    )
    if after is before:
        unchanged = outcome.model_copy(update={"changed": False})
        after = ledger.note(transaction, origin, before, firing=unchanged)
    tell_new_responsible(transaction, origin, before, after)
    for action, mail in plan.writing:
        write_of(transaction, origin, before, after, action)
        if mail is not None:
            order_rule_mail(transaction, origin, after, action, mail)


def _plan(transaction: Transaction, case: CaseSnapshot, actions: tuple[Any, ...]) -> _Plan:
    """The fields come first: mails speak of the case as it will be."""
    plan = _Plan()
    possible = []
    for action in actions:
        try:
            refuse_merged(case, "case")
            intended = case.model_copy(update=plan.values)
            plan.values |= _values(transaction, intended, action)
        except (ActionFailed, ContractError) as error:
            plan.refused.append(f"{action.do}: {error}")
        else:
            possible.append(action)
            plan.escalated = plan.escalated or isinstance(action, rules.Escalate)
    intended = case.model_copy(update=plan.values)
    for action in possible:
        try:
            plan.writing.append((action, mail_of(transaction, intended, action)))
        except (ActionFailed, ContractError) as error:
            plan.refused.append(f"{action.do}: {error}")
    return plan


def _origin(fired: rules.RuleFired, told: list[str], refused: list[str]) -> Origin:
    why = "; ".join(fired.data.why)
    reason = f"rule “{fired.data.rule_name}”" + (f" because {why}" if why else "")
    if told:
        reason += f"; {'; '.join(told)}"
    if refused:
        reason += f"; not done: {'; '.join(refused)}"
    return Origin(fired.actor, fired.caused(), reason)


def _values(transaction: Transaction, case: CaseSnapshot, action: Any) -> dict[str, Any]:
    """What an action changes; nothing for one that writes a mail or a note."""
    connection = transaction.connection
    values: dict[str, Any] = {}
    match action:
        case rules.SetState(state=state):
            values = _state_values(case, state)
        case rules.MoveToSection(section_id=section_id):
            values = section_values(connection, section_id)
        case rules.Assign():
            values = responsible_values(connection, find_assignee(transaction, case, action))
        case rules.SetPriority(priority=priority):
            values = {"priority": priority}
        case rules.SetCategory(category_id=category_id):
            values = category_values(connection, category_id)
        case rules.AddWatchers(addresses=addresses):
            values = {"watchers": _with_watchers(case, addresses)}
        case rules.AddTags(tags=tags):
            values = {"tags": tidy_tags((*case.tags, *tags))}
        case rules.SetDeadline(which=which, moment=moment):
            name = "response_deadline" if which == "response" else "deadline"
            values = {name: _known_moment(moment)}
        case rules.Escalate():
            values = escalation_values(transaction, case)
    return values


def _state_values(case: CaseSnapshot, state: State) -> dict[str, Any]:
    if state != case.state and state not in MOVES[case.state]:
        raise ActionFailed(f"a {case.state} case cannot become {state}")
    return {"state": state}


def escalation_values(transaction: Transaction, case: CaseSnapshot) -> dict[str, Any]:
    """The section above, and the former responsible as a watcher (K4). Raises ActionFailed."""
    section = section_of(transaction, case)
    above = section.escalation_id or section.parent_id if section else None
    if above is None:
        raise ActionFailed("its section escalates to none; set one in the section")
    values = section_values(transaction.connection, above)
    former = responsible_address(transaction, case)
    if former is not None:
        values["watchers"] = _with_watchers(case, (former.address,))
    return {**values, "responsible": None}


def _with_watchers(case: CaseSnapshot, addresses: tuple[str, ...]) -> tuple[Watcher, ...]:
    there = {watcher.address.lower() for watcher in case.watchers}
    new = [one for one in dict.fromkeys(addresses) if one.lower() not in there]
    return (*case.watchers, *(Watcher(address=one, side="staff") for one in new))


def _known_moment(moment: datetime | None) -> datetime:
    """One that has gone by is a moment like any other: the case is late then."""
    if moment is None:
        raise ActionFailed("the rule could not tell a moment; look at its working calendar")
    return moment
